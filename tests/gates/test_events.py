"""What lanes say has happened: once, twice, late, out of order."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from gates.models import Event, Lane, Order, Passage
from gates.passages import correct, give_order
from parking.models import ParkingSession
from tests.gates.test_arrivals import ago, inside


def now():
    return datetime.now(UTC)


def test_a_car_that_backs_out_of_the_entry_leaves_no_stay(entry):
    car = uuid.uuid4()
    entry.ask(passage=car)
    entry.tell("opened", car)
    entry.tell("backed_out", car)
    assert ParkingSession.objects.filter(voided_at=None).count() == 0
    assert entry.answer() == "open visitor"


def test_a_car_that_backs_out_of_the_exit_is_inside_still(park, way_out):
    stay = inside(park, "AB12CDE", minutes=5)
    car = uuid.uuid4()
    assert way_out.answer(passage=car) == "open free"
    way_out.tell("backed_out", car)
    stay.refresh_from_db()
    assert (stay.left_at, stay.waiting_since) == (None, None)


def test_the_same_event_twice_is_stored_once(entry):
    car, event, at = uuid.uuid4(), uuid.uuid4(), now()
    entry.ask(passage=car)
    answers = [entry.tell("opened", car, event=event, at=at) for _ in range(3)]
    assert [told.json() for told in answers] == [{"stored": [str(event)]}] * 3
    assert Event.objects.count() == 1


@pytest.mark.parametrize("odd", ["", "x", 1.5, -1, [], {}, [[]], "😀"])
def test_a_detail_that_says_nothing_is_kept_for_a_person(entry, odd):
    entry.tell("opened", order=odd)
    entry.tell("open_failed", order=odd)
    for detail in ({"arrival": odd}, {"decision": odd, "reason": odd}):
        entry.tell("decided_offline", uuid.uuid4(), **{"arrival": {}, **detail})
    assert Event.objects.count() == 4
    assert Passage.objects.count() == 0


def test_an_event_id_with_another_content_is_a_conflict(entry):
    event = uuid.uuid4()
    entry.tell("opened", uuid.uuid4(), event=event)
    assert entry.tell("passed", uuid.uuid4(), event=event).status_code == 409


def test_the_arm_is_up_until_the_car_has_passed(entry):
    car = uuid.uuid4()
    entry.ask(passage=car)
    entry.tell("opened", car, at=ago(seconds=3))
    assert Lane.objects.get().arm_is_up() is True
    entry.tell("passed", car, at=ago(seconds=1))
    assert Lane.objects.get().arm_is_up() is False
    entry.tell("held_open")
    assert Lane.objects.get().arm_is_up() is True
    entry.tell("released")
    assert Lane.objects.get().arm_is_up() is False


def test_events_may_come_before_the_arrival_that_they_speak_of(entry):
    car = uuid.uuid4()
    entry.tell("opened", car, at=ago(seconds=3))
    entry.tell("passed", car, at=ago(seconds=1))
    entry.ask(passage=car, seen_at=ago(seconds=5))
    passage = Passage.objects.get()
    assert passage.opened_at < passage.passed_at


def decided_alone(
    box, decision="open", reason="alone", plate="AB12CDE", seen_at=None, car=None, **read
):
    car = car or uuid.uuid4()
    arrival = {
        "passage": str(car),
        "seen_at": (seen_at or ago(hours=1)).isoformat(),
        "plate": plate,
        "confidence": 0.97,
        **read,
    }
    return box.tell(
        "decided_offline", car, arrival=arrival, decision=decision, reason=reason
    ).status_code


def test_an_entry_decided_alone_becomes_a_stay_when_it_is_told(entry, way_out):
    seen = ago(hours=1)
    assert decided_alone(entry, seen_at=seen) == 200
    stay = ParkingSession.objects.get()
    assert (stay.plate, stay.entered_at) == ("AB12CDE", seen)
    assert Passage.objects.get().decided_alone is True
    assert way_out.answer() == "hold due"


def test_an_exit_decided_alone_ends_the_stay(park, way_out):
    stay, seen = inside(park, "AB12CDE", hours=3), ago(hours=1)
    decided_alone(way_out, seen_at=seen)
    stay.refresh_from_db()
    assert stay.left_at == seen


def test_an_exit_told_late_that_lies_before_the_entry_ends_nothing(park, way_out):
    stay = inside(park, "AB12CDE", hours=1)
    decided_alone(way_out, seen_at=ago(hours=2))
    stay.refresh_from_db()
    assert stay.left_at is None


def test_a_hold_alone_and_nonsense_are_kept_and_open_nothing(entry):
    assert decided_alone(entry, decision="hold") == 200
    assert decided_alone(entry, decision="perhaps") == 200
    assert entry.tell("decided_offline", uuid.uuid4(), arrival={"plate": "?"}).status_code == 200
    assert Event.objects.count() == 3
    assert ParkingSession.objects.count() == 0


def test_the_answer_lost_on_the_way_and_then_decided_alone_is_one_stay(entry):
    car = uuid.uuid4()
    entry.ask(passage=car)
    decided_alone(entry, car=car)
    assert ParkingSession.objects.count() == 1


def test_an_order_for_a_waiting_car_is_its_next_answer(entry, operator):
    car = uuid.uuid4()
    assert entry.answer(None, passage=car) == "hold unreadable"
    give_order(entry.lane, "open", by=operator, why="Plate checked by eye", now=now())
    assert entry.beat().json()["orders"] == []  # one channel, one pulse
    assert entry.answer(None, passage=car) == "open operator"
    assert entry.answer(None, passage=car) == "open operator"
    assert Order.objects.get().done_at is not None


def test_an_order_without_a_car_goes_by_beat_until_it_is_done(entry, operator):
    order = give_order(entry.lane, "open", by=operator, why="Fire drill", now=now())
    told = entry.beat().json()["orders"]
    assert [(one["id"], one["action"]) for one in told] == [(str(order.pk), "open")]
    entry.tell("opened", order=str(order.pk))
    assert entry.beat().json()["orders"] == []


def test_an_order_of_which_nobody_knows_is_not_called_done(entry, operator):
    order = give_order(entry.lane, "open", by=operator, why="Fire drill", now=now())
    entry.tell("pulse_unknown", order=str(order.pk))
    order.refresh_from_db()
    assert order.done_at is None
    assert order.failed == "the lane stopped while opening: look whether the arm rose"
    assert entry.beat().json()["orders"] == []  # never repeated by itself


def test_an_order_that_came_too_late_is_never_given_out(entry, operator):
    give_order(entry.lane, "open", by=operator, why="Late", now=ago(minutes=1))
    assert entry.beat().json()["orders"] == []
    car = uuid.uuid4()
    entry.ask(None, passage=car)
    give_order(entry.lane, "open", by=operator, why="Late", now=ago(minutes=1))
    assert entry.answer(None, passage=car) == "hold unreadable"


def test_letting_a_plate_in_twice_says_that_its_exit_was_missed(park, entry, operator):
    earlier = inside(park, "AB12CDE", days=3)
    car = uuid.uuid4()
    assert entry.answer(passage=car) == "hold already_inside"
    give_order(entry.lane, "open", by=operator, why="It left on Friday", now=now())
    assert entry.answer(passage=car) == "open operator"
    earlier.refresh_from_db()
    assert earlier.doubt == "missed_exit"
    assert ParkingSession.objects.filter(ParkingSession.OPEN).count() == 1


def test_a_plate_typed_by_a_person_lets_the_car_in(entry, operator):
    car = uuid.uuid4()
    entry.ask(None, passage=car)
    correct(Passage.objects.get(), "TY12PED", by=operator, why="by eye", now=now())
    assert entry.answer(None, passage=car) == "open visitor"
    assert ParkingSession.objects.get().plate == "TY12PED"
    passage = Passage.objects.get()
    assert (passage.plate_read, passage.plate) == ("", "TY12PED")


def test_a_person_may_say_that_a_doubtful_read_was_right(entry, operator):
    car = uuid.uuid4()
    assert entry.answer("AB12CDE", confidence=0.4, passage=car) == "hold unreadable"
    correct(Passage.objects.get(), "AB12CDE", by=operator, why="by eye", now=now())
    assert entry.answer("AB12CDE", confidence=0.4, passage=car) == "open visitor"


def test_backing_out_told_late_does_not_undo_an_exit_by_another_lane(park, way_out, second_exit):
    stay = inside(park, "AB12CDE", minutes=5)
    ParkingSession.objects.update(doubt="correction", entered_at=ago(hours=5))
    car = uuid.uuid4()
    assert way_out.answer(passage=car) == "hold doubt"
    ParkingSession.objects.update(doubt="", entered_at=ago(minutes=5))
    assert second_exit.answer() == "open free"
    way_out.tell("backed_out", car)
    stay.refresh_from_db()
    assert stay.left_at is not None


def test_a_correction_after_the_entry_renames_the_stay(entry, way_out, operator):
    entry.ask("AB12CDF")
    correct(Passage.objects.get(), "AB12CDE", by=operator, why="F is E", now=now())
    assert ParkingSession.objects.get().plate == "AB12CDE"
    assert Passage.objects.get().plate_read == "AB12CDF"
    assert way_out.answer("AB12CDE") == "open free"


def test_a_correction_at_the_exit_ends_the_right_stay_and_the_wrong_one_goes_on(
    park, way_out, operator
):
    wrong, right = inside(park, "AB12CDF", minutes=5), inside(park, "AB12CDE", minutes=9)
    car = uuid.uuid4()
    assert way_out.answer("AB12CDF", passage=car) == "open free"
    correct(Passage.objects.get(), "AB12CDE", by=operator, why="F is E", now=now())
    wrong.refresh_from_db()
    right.refresh_from_db()
    assert (wrong.left_at, wrong.doubt) == (None, "correction")
    assert right.left_at == Passage.objects.get().seen_at
    assert Passage.objects.get().session == right


@pytest.mark.parametrize(
    ("cars", "left", "doubted"),
    [
        (["AB10"], ["AB10"], []),  # O for 0 is no other vehicle
        (["AB10", "ABIO"], ["ABIO"], ["AB10"]),  # but one spelled as the person says is
    ],
)
def test_a_correction_at_the_exit_to_what_looks_the_same(
    park, way_out, operator, cars, left, doubted
):
    first, *others = cars
    inside(park, first, minutes=5)
    way_out.ask("AB10")
    for plate in others:
        inside(park, plate, minutes=5)
    correct(Passage.objects.get(), "ABIO", by=operator, why="a vanity plate", now=now())
    stays = ParkingSession.objects.all()
    assert [stay.plate for stay in stays if stay.left_at] == left
    assert [stay.plate for stay in stays if stay.doubt] == doubted


def test_a_correction_to_a_plate_that_is_inside_puts_both_stays_in_doubt(park, entry, operator):
    inside(park, "AB12CDE", hours=1)
    entry.ask("AB12CDF")
    correct(Passage.objects.get(), "AB12CDE", by=operator, why="F is E", now=now())
    assert [one.doubt for one in ParkingSession.objects.all()] == ["correction"] * 2


def test_a_wildly_late_event_time_is_kept_as_it_came(entry):
    at = datetime(2100, 1, 1, tzinfo=UTC) + timedelta(days=1)
    assert entry.tell("opened", uuid.uuid4(), at=at).status_code == 200
    assert Event.objects.get().at == at
