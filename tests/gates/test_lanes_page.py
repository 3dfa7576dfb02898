"""The lanes: cards that refresh themselves, orders with a reason, plates typed on a card."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from gates.models import Correction, Lane, Order, Passage
from gates.passages import ORDER_HOLDS
from parking.models import ParkingSession, Permit
from tests.gates.room import browser, held, jpeg, person, queries, refreshing, text, version

CARD = "/lanes/north-entry/card/"
EXIT_CARD = "/lanes/exit/card/"


def test_an_empty_site_teaches(park, room):
    assert "manage.py lane add town" in text(room.get("/"))


def test_a_card_answers_204_while_nothing_has_changed(entry, room):
    held(entry)
    seen = version(refreshing(room, CARD), "card-north-entry")
    assert refreshing(room, CARD, have=seen).status_code == 204
    held(entry, "BC23DEF")
    changed = refreshing(room, CARD, have=seen)
    assert changed.status_code == 200
    assert "BC23DEF" in text(changed)


def test_the_page_carries_the_same_parts_that_its_refreshes_render(entry, way_out, room):
    held(entry)
    page = room.get("/")
    for name, address in {
        "card-north-entry": CARD,
        "card-exit": EXIT_CARD,
        "tasks-now": "/now/tasks/",
        "stream": "/now/stream/",
        "site": "/now/site/",
    }.items():
        assert refreshing(room, address, have=version(page, name)).status_code == 204, name


def test_seconds_that_pass_are_no_change(way_out, room):
    passage = held(way_out)
    seen = version(refreshing(room, EXIT_CARD), "card-exit")
    Passage.objects.filter(pk=passage.pk).update(asked_at=timezone.now())
    assert refreshing(room, EXIT_CARD, have=seen).status_code == 204


def test_a_waiting_vehicle_is_told_and_one_that_no_longer_asks_is_not(way_out, room):
    passage = held(way_out)
    assert f'data-waiting="{passage.pk}"' in text(room.get(EXIT_CARD))
    Passage.objects.update(asked_at=timezone.now() - timedelta(minutes=2))
    assert "data-waiting" not in text(room.get(EXIT_CARD))


@pytest.mark.parametrize(
    ("health", "beat", "word"),
    [
        ({"camera": "ok"}, timedelta(0), "well"),
        ({"camera": "no picture for 12 s"}, timedelta(0), "blind"),
        ({"barrier": "no answer from the relay"}, timedelta(0), "arm fault"),
        ({"camera": "ok"}, timedelta(minutes=1), "dark"),
        ({}, None, "never heard"),
    ],
)
def test_health_is_one_word(entry, room, health, beat, word):
    last_beat_at = None if beat is None else timezone.now() - beat
    Lane.objects.update(health=health, last_beat_at=last_beat_at)
    assert f">{word}</span>" in text(room.get(CARD))


def test_a_lane_that_reads_worse_than_before_says_so_on_its_card_and_among_the_tasks(entry, room):
    said = "Reads 78% of the last 100 vehicles without a person, 96% before: look."
    Lane.objects.update(drift=said, last_beat_at=timezone.now())
    for address in (CARD, "/now/tasks/"):
        page = text(room.get(address))
        assert "reads worse</span>" in page
        assert f">{said}</p>" in page
    Lane.objects.update(health={"camera": "no picture for 12 s"})
    assert "reads worse" not in text(room.get(CARD))  # one complaint, the worst, is enough


def test_a_lane_that_is_blind_is_told_before_one_that_reads_worse(entry, way_out, room):
    Lane.objects.update(last_beat_at=timezone.now())
    Lane.objects.filter(name="exit").update(drift="Reads as before, but its pictures are pale.")
    Lane.objects.filter(name="north-entry").update(health={"camera": "no picture for 12 s"})
    tasks = text(room.get("/now/tasks/"))
    assert tasks.index("blind</span>") < tasks.index("reads worse</span>")


def test_the_arm_is_as_the_lane_said_last(entry, room):
    passage = held(entry)
    assert "arm down" in text(room.get(CARD))
    entry.tell("opened", passage.pk)
    assert "arm up" in text(room.get(CARD))
    entry.tell("passed", passage.pk)
    assert "arm down" in text(room.get(CARD))
    entry.tell("held_open")
    assert "arm held up" in text(room.get(CARD))


SENTENCES = [
    ("in", "visitor", "Opened for a visitor"),
    ("in", "permit", "Opened for permit Smith &amp; Co"),
    ("in", "blocked", "Refused: this plate is blocked"),
    ("in", "unread", "Held: we cannot read the plate"),
    ("in", "inside", "Held: this plate is inside already"),
    ("out", "due", "Held: 3.00 GBP due"),
    ("out", "free", "Opened: nothing to pay"),
    ("out", "unseen", "Held: we did not see it come in"),
]


@pytest.mark.parametrize(("direction", "case", "sentence"), SENTENCES)
def test_a_decision_is_one_sentence(park, entry, way_out, room, direction, case, sentence):
    plate, now = "AB12CDE", timezone.now()
    if case == "permit":
        Permit.objects.create(car_park=park, plate=plate, holder="Smith & Co", starts_at=now)
    if case == "blocked":
        park.blocked_plates.create(plate=plate, why="Did not pay")
    if case in ("inside", "due", "free"):
        ago = timedelta(minutes=5 if case == "free" else 70)
        ParkingSession.objects.create(car_park=park, plate=plate, entered_at=now - ago)
    lane = entry if direction == "in" else way_out
    held(lane, None if case == "unread" else plate, confidence=None if case == "unread" else 0.97)
    assert sentence in text(room.get(CARD if direction == "in" else EXIT_CARD))


def test_what_needs_a_person_has_the_most_harmful_first(entry, way_out, room):
    held(entry, None, confidence=None)
    held(way_out)
    tasks = text(room.get("/now/tasks/"))
    assert tasks.index("exit</span>") < tasks.index("north-entry</span>")
    assert "Let out" in tasks
    assert "Type the plate" in tasks


# orders


def open_lane(room, name="north-entry", act="open", **fields):
    return room.post(f"/lanes/{name}/{act}/", fields, headers={"HX-Request": "true"})


@pytest.mark.parametrize(
    ("act", "action"), [("open", "open"), ("hold-open", "hold_open"), ("release", "release")]
)
def test_an_order_is_given_once_with_its_reason(entry, room, operator, act, action):
    response = open_lane(room, act=act, why="Lets a vehicle out")
    order = Order.objects.get()
    assert (order.lane, order.action, order.why) == (entry.lane, action, "Lets a vehicle out")
    assert order.by == operator
    assert order.expires_at - order.given_at == ORDER_HOLDS
    assert 'id="card-north-entry"' in text(response)


@pytest.mark.parametrize("why", ["", "   "])
def test_an_order_without_a_reason_is_refused_in_a_sentence(entry, room, why):
    response = open_lane(room, why=why)
    assert response.status_code == 422
    assert "Say why" in text(response)
    assert response.headers["HX-Retarget"] == "#order-north-entry"
    assert not Order.objects.exists()


def test_a_double_click_is_one_order(entry, room):
    for _ in range(2):
        open_lane(room, why="Lets a vehicle out")
    assert Order.objects.count() == 1
    entry.tell("opened", order=str(Order.objects.get().pk))
    open_lane(room, why="Lets a vehicle out")
    assert Order.objects.count() == 2


def test_without_a_script_an_order_leads_back_to_the_lanes(entry, room):
    response = room.post("/lanes/north-entry/open/", {"why": "Emergency"})
    assert (response.status_code, response.url) == (302, "/")
    refused = room.post("/lanes/north-entry/open/", {"why": ""})
    assert refused.status_code == 422
    assert "Say why" in text(refused)


def test_opening_for_a_waiting_vehicle_is_its_next_answer(way_out, room):
    passage = held(way_out)
    open_lane(room, "exit", why="Plate checked by eye")
    assert way_out.answer(passage=passage.pk) == "open operator"
    assert "Opened by olivia: Plate checked by eye" in text(room.get(EXIT_CARD))


def test_a_card_tells_of_an_order_that_was_not_carried_out(entry, room):
    open_lane(room, why="Lets a vehicle out")
    assert "Told to open" in text(room.get(CARD))
    past = timezone.now() - timedelta(seconds=1)
    Order.objects.update(expires_at=past)
    assert "did not take the order in time" in text(room.get(CARD))


def test_the_arm_that_did_not_rise_is_told(entry, room):
    passage = held(entry)
    entry.tell("open_failed", passage.pk)
    assert "The arm did not rise" in text(room.get(CARD))


# a plate typed on the card


def type_plate(room, passage, **fields):
    return room.post(f"/passages/{passage.pk}/plate/", fields, headers={"HX-Request": "true"})


def test_a_plate_typed_on_the_card_lets_the_vehicle_in(entry, room):
    passage = held(entry, None, confidence=None)
    assert f'id="type-{passage.pk}"' in text(room.get(CARD))
    response = type_plate(room, passage, plate="ab-12 cde", why="")
    assert "AB12CDE it is" in text(response)
    assert Correction.objects.get().after == "AB12CDE"
    assert entry.answer(None, passage=passage.pk, confidence=None) == "open visitor"


@pytest.mark.parametrize("typed", ["<script>", "A" * 200, "🚗", ""])
def test_what_is_no_plate_is_refused_and_kept_for_editing(entry, room, typed):
    passage = held(entry, None, confidence=None)
    response = type_plate(room, passage, plate=typed)
    assert response.status_code == 422
    assert 'role="alert"' in text(response)
    assert "<script>" not in text(response)
    assert not Correction.objects.exists()


def test_words_from_outside_are_shown_and_never_run(park, entry, room):
    evil = "<script>alert(1)</script>"
    Permit.objects.create(car_park=park, plate="AB12CDE", holder=evil)
    Lane.objects.update(health={"camera": evil}, last_beat_at=timezone.now())
    held(entry, engine=evil)
    open_lane(room, why=evil)
    page = text(room.get("/"))
    assert evil not in page
    assert "Opened for permit &lt;script&gt;" in page


def test_pictures_are_shown_to_those_who_may_see_them(entry, room):
    passage = held(entry)
    entry.send_picture(passage.pk, "scene", jpeg())
    assert "/pictures/" in text(room.get(CARD))
    assert "/pictures/" not in text(browser(person("engineer")).get(CARD))


def test_the_page_takes_the_same_number_of_queries_however_much_has_passed(entry, way_out, room):
    held(entry)
    first = queries(room, "/")
    for number in range(9):
        passage = held(entry, f"AB12CD{number}")
        entry.send_picture(passage.pk, "plate", jpeg())
    assert queries(room, "/") == first


def test_of_vehicles_told_late_the_card_shows_the_one_that_came_last(entry, room):
    cars = [
        (f"AB12CD{minute}", timezone.now() - timedelta(minutes=minute)) for minute in range(1, 9)
    ]
    told = [
        {
            "id": str(uuid.uuid4()),
            "passage": str(uuid.uuid4()),
            "kind": "decided_offline",
            "at": seen.isoformat(),
            "detail": {
                "arrival": {"seen_at": seen.isoformat(), "plate": plate, "confidence": 0.97},
                "decision": "open",
                "reason": "alone",
            },
        }
        for plate, seen in cars
    ]
    entry.call("post", "events", {"events": told})
    assert "AB12CD1" in text(room.get(CARD))


def test_the_top_bar_tells_how_full_and_todays_money(park, entry, room):
    park.places = 4
    park.save()
    stay = held(entry).session
    stay.payments.create(
        amount=350, currency="GBP", provider="mock", reference="1", paid_at=timezone.now()
    )
    stay.payments.create(
        amount=900,
        currency="GBP",
        provider="mock",
        reference="2",
        paid_at=timezone.now() - timedelta(days=1, hours=1),
    )
    bar = text(room.get("/now/site/"))
    assert "1 of 4 places taken" in bar
    assert "3.50 GBP" in bar
    assert "GBP" not in text(browser(person("reviewer")).get("/now/site/"))
