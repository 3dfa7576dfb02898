"""What a vehicle met, taken from the database: answers, stays, money. Nothing from the story-teller."""

from billing.quotes import paid
from parking.rules.plates import folded
from parking.rules.sessions import State, state


def met(car_park, plate, now):
    """Lines such as `entry: open visitor, passed` and `1 stay, left, paid 1.00`."""
    passages = car_park_passages(car_park, plate)
    return [*map(passage_line, passages), stays_line(car_park, plate, now)]


def car_park_passages(car_park, plate):
    """Entries before exits, and of two lanes that saw one car the one that opened first."""
    found = [
        passage
        for lane in car_park.lanes.all()
        for passage in lane.passages.select_related("lane")
        if folded(passage.plate) == folded(plate)
    ]
    return sorted(found, key=lambda one: (one.lane.direction, one.opened_at is None, one.seen_at))


def passage_line(passage):
    words = [answer_words(answer) for answer in passage.answers.all()]
    if passage.corrections.exists():
        words.insert(-1, "typed by a person")
    return f"{passage.lane.get_direction_display()}: {', '.join([*words, ending(passage)])}"


def answer_words(answer):
    due = f" {answer.due / 100:.2f}" if answer.due else ""
    return f"{answer.decision} {answer.reason.replace('_', ' ')}{due}"


def ending(passage):
    if passage.passed_at:
        return "passed"
    return "backed out" if passage.backed_out_at else "still there"


def stays_line(car_park, plate, now):
    """How many stays the vehicle has, what became of them and what was paid; void ones are none."""
    stays = [
        stay
        for stay in car_park.sessions.filter(folded=folded(plate)).order_by("entered_at")
        if state(stay, now) != State.VOID
    ]
    if not stays:
        return "no stay"
    states = ", ".join("left" if stay.left_at else "inside" for stay in stays)
    money = sum(paid(stay) for stay in stays)
    count = "1 stay" if len(stays) == 1 else f"{len(stays)} stays"
    return f"{count}, {states}" + (f", paid {money / 100:.2f}" if money else "")
