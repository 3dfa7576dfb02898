"""Bad input, wrong keys, and everything that arrives twice."""

import uuid
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from gates.models import Event, Lane, Passage
from parking.models import BlockedPlate, CarPark, ParkingSession, Permit

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SHARP = {"blur": 0.25, "contrast": 0.7, "clipping": 0.01, "height": 24}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"plate": "A" * 200}, "plate: A number plate has at most 12 letters and digits."),
        ({"plate": "A" * 13}, "plate: A number plate has at most 12 letters and digits."),
        (
            {"plate": "😀"},
            "plate: '😀' is not a number plate: use the letters A-Z and digits only.",
        ),
        (
            {"plate": "<script>"},
            "plate: '<script>' is not a number plate: use the letters A-Z and digits only.",
        ),
        ({"plate": {}}, "plate: Not a valid string."),
        (
            {"confidence": 1.5},
            "confidence: Ensure this value is less than or equal to 1.",
        ),
        (
            {"candidates": [{"plate": "A", "probability": -1}]},
            "candidates.0.probability: Ensure this value is greater than or equal to 0.",
        ),
        (
            {"candidates": [{"plate": "A1", "probability": 0.1}] * 500},
            "candidates: Send at most ten candidates, the best first.",
        ),
        (
            {"quality": {**SHARP, "blur": 1.5}},
            "quality.blur: Ensure this value is less than or equal to 1.",
        ),
        (
            {"quality": {**SHARP, "contrast": "good"}},
            "quality.contrast: A valid number is required.",
        ),
        (
            {"quality": {**SHARP, "height": 0}},
            "quality.height: Ensure this value is greater than or equal to 1.",
        ),
        (
            {"quality": {"blur": 0.2, "contrast": 0.7, "height": 24}},
            "quality.clipping: This field is required.",
        ),
        (
            {"quality": 0.9},
            "quality: Invalid data. Expected a dictionary, but got float.",
        ),
        ({"passage": "x"}, "passage: Must be a valid UUID."),
        (
            {"seen_at": "0001-01-01T00:00:00Z"},
            "seen_at: The year is not between 1970 and 2199: set this clock.",
        ),
        (
            {"seen_at": "9999-12-31T23:59:59Z"},
            "seen_at: The year is not between 1970 and 2199: set this clock.",
        ),
    ],
)
def test_a_bad_arrival_gets_a_sentence_and_leaves_nothing(entry, wrong, sentence):
    body = {"passage": str(uuid.uuid4()), "seen_at": NOW.isoformat(), "plate": "A1", **wrong}
    told = entry.call("post", "arrivals", body)
    assert told.status_code == 400
    assert told.json() == {"error": sentence}
    assert Passage.objects.count() == 0


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"quality": SHARP}, SHARP),
        ({"quality": {**SHARP, "colour": "blue"}}, SHARP),
        ({"quality": None}, None),
        ({}, None),
    ],
)
def test_the_quality_of_the_picture_is_kept_with_the_passage(entry, told, kept):
    assert entry.answer(**told) == "open visitor"
    assert Passage.objects.get().quality == kept


def test_the_quality_is_that_of_the_newest_ask(entry):
    car = uuid.uuid4()
    entry.ask(None, passage=car, confidence=None)
    entry.ask(passage=car, quality=SHARP)
    assert Passage.objects.get().quality == SHARP


def test_a_decision_told_late_brings_its_quality(entry):
    late = {"seen_at": NOW.isoformat(), "plate": "A1", "confidence": 0.97, "quality": SHARP}
    entry.tell("decided_offline", uuid.uuid4(), arrival=late, decision="open", reason="visitor")
    assert Passage.objects.get().quality == SHARP


def test_look_alike_cyrillic_letters_are_the_same_plate(entry):
    assert entry.answer("АВ12СDЕ") == "open visitor"
    assert entry.ask("AB12CDE").json()["session"] == ParkingSession.objects.get().pk


@pytest.mark.parametrize("body", ["", "{", "[]", '{"plate": NaN}', "[" * 10_000])
def test_what_is_no_json_is_refused(entry, body):
    told = Client().post(
        "/api/v1/lane/arrivals",
        body,
        content_type="application/json",
        headers={"Authorization": f"Lane {entry.key}"},
    )
    assert told.status_code == 400
    assert set(told.json()) == {"error"}


@pytest.mark.parametrize("text", ["A\0B", "\ud800"])
def test_characters_that_no_database_keeps_are_refused_wherever_they_stand(entry, text):
    for wrong in ({"vehicle": {"type": text}}, {"vehicle": {text: 1}}, {"direction": text}):
        told = entry.ask(**wrong)
        assert told.status_code == 400
        assert "U+0000" in told.json()["error"]
    assert entry.tell("open_failed", why=[text]).status_code == 400
    assert entry.beat(camera=text).status_code == 400
    assert (Passage.objects.count(), Event.objects.count()) == (0, 0)


@pytest.mark.parametrize("path", ["arrivals", "events", "beat"])
def test_without_the_right_key_nothing_is_answered(entry, path):
    url = f"/api/v1/lane/{path}"
    for headers in ({}, {"Authorization": "Lane wrong"}, {"Authorization": "Lane é"}):
        told = Client().post(url, "{}", content_type="application/json", headers=headers)
        assert told.status_code == 401
        assert "key" in told.json()["error"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/", "/api/v2/lane/beat", "/api/v1/lane/arrival"])
def test_an_address_that_is_not_there_is_said_in_json(path):
    answer = Client().post(path, {}, content_type="application/json")
    assert (answer.status_code, answer.json()) == (
        404,
        {"error": "There is nothing at this address. The lane API is below /api/v1/lane/."},
    )


def test_a_revoked_key_is_refused_at_once(entry, capsys):
    call_command("lane", "revoke", "north-entry")
    assert entry.ask().status_code == 401
    assert capsys.readouterr().out == "The key of north-entry is revoked.\n"


def test_a_lane_is_added_with_a_key_that_is_shown_once(park, capsys):
    call_command("lane", "add", "town", "west", "--direction", "in")
    key = capsys.readouterr().out.strip()
    lane = Lane.objects.get(name="west")
    assert len(key) >= 43
    assert key not in str(vars(lane))


@pytest.mark.django_db
def test_the_first_lane_of_an_installation_makes_its_car_park(capsys):
    call_command("lane", "add", "town-square", "north", "--direction", "in")
    assert CarPark.objects.get().name == "Town Square"
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_lane_of_a_car_park_that_is_not_there(park):
    with pytest.raises(CommandError, match="no car park 'nope'; there are: town"):
        call_command("lane", "add", "nope", "west", "--direction", "in")


def test_a_beat_is_a_sign_of_life(entry):
    told = entry.beat(camera="blind: no picture for 12 s", waiting=3)
    assert told.json()["orders"] == []
    lane = Lane.objects.get()
    assert lane.health == {
        "camera": "blind: no picture for 12 s",
        "reader": "ok",
        "barrier": "ok",
        "waiting": 3,
    }
    assert lane.ailments() == [("camera", "blind: no picture for 12 s")]
    assert not lane.is_dark(datetime.now(UTC))
    assert Lane().is_dark(datetime.now(UTC))


def test_a_beat_tells_of_the_readers_process(entry):
    entry.beat(waiting=0, reader_megabytes=412, reader_recycled=3, reader_colour="blue")
    told = {"waiting": 0, "reader_megabytes": 412, "reader_recycled": 3}
    well = dict.fromkeys(("camera", "reader", "barrier"), "ok")
    assert Lane.objects.get().health == well | told


@pytest.mark.parametrize(
    ("health", "sentence"),
    [
        ({"waiting": "3"}, "'waiting' is the number of records not yet sent."),
        ({"reader_megabytes": -1}, "'reader_megabytes' is the size of the reader's process in MB."),
        (
            {"reader_recycled": 0.5},
            "'reader_recycled' is how often the reader's process was renewed.",
        ),
    ],
)
def test_a_beat_with_a_count_that_is_none(entry, health, sentence):
    told = entry.beat(**health)
    assert (told.status_code, sentence in told.content.decode()) == (400, True)


def test_no_time_is_kept_that_no_page_could_show(entry):
    first = datetime(1, 1, 1, tzinfo=UTC)
    assert entry.tell("opened", at=first).status_code == 400
    assert entry.call("post", "beat", {"sent_at": first.isoformat()}).status_code == 400
    late = {"passage": str(uuid.uuid4()), "seen_at": first.isoformat(), "plate": "A1"}
    decided = {"decision": "open", "reason": "visitor"}
    assert (
        entry.tell("decided_offline", late["passage"], arrival=late, **decided).status_code == 200
    )
    assert Passage.objects.count() == 0


def test_the_list_for_deciding_alone(park, entry):
    Permit.objects.create(car_park=park, plate="PE12MIT", holder="Smith", starts_at=NOW)
    Permit.objects.create(car_park=park, plate="OLD1", holder="Old", starts_at=NOW, ends_at=NOW)
    BlockedPlate.objects.create(car_park=park, plate="BAD1", why="theft", starts_at=NOW)
    headers = {"Authorization": f"Lane {entry.key}"}
    first = Client().get("/api/v1/lane/list", headers=headers).json()
    assert [one["plate"] for one in first["permits"]] == ["PE12MIT"]
    assert [one["plate"] for one in first["blocked"]] == ["BAD1"]
    assert first["version"] == entry.beat().json()["list_version"]
    url = f"/api/v1/lane/list?have={first['version']}"
    assert Client().get(url, headers=headers).status_code == 204
    Permit.objects.filter(plate="PE12MIT").first().save()
    assert Client().get(url, headers=headers).status_code == 200
