"""What no lane should say, and what it gets: a sentence, or a stay that a person looks at; never a
charge, never a crash."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from billing.quotes import quote
from gates.models import Passage
from parking.models import ParkingSession
from tests.gates.test_arrivals import ago, inside
from tests.gates.test_events import decided_alone


def candidates(*probabilities):
    return [
        {"plate": f"AB{number:02}CDE", "probability": one}
        for number, one in enumerate(probabilities, 12)
    ]


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (candidates(0.9, 0.8), "candidates: Their probabilities add up to more than 1."),
        (candidates(*[0.5] * 10), "candidates: Their probabilities add up to more than 1."),
        (
            candidates(1.5),
            "candidates.0.probability: Ensure this value is less than or equal to 1.",
        ),
        (
            candidates(-0.1),
            "candidates.0.probability: Ensure this value is greater than or equal to 0.",
        ),
        (candidates(*[0.001] * 500), "candidates: Send at most ten candidates, the best first."),
    ],
)
@pytest.mark.parametrize("lane", ["entry", "way_out"])
def test_candidates_that_cannot_be_are_refused_with_a_sentence(lane, told, sentence, request):
    answer = request.getfixturevalue(lane).ask(candidates=told)
    assert (answer.status_code, answer.json()) == (400, {"error": sentence})
    assert Passage.objects.count() == 0


def test_rounding_is_no_contradiction(entry):
    assert entry.answer(confidence=0.95, candidates=candidates(0.95, 0.0504)) == "open visitor"


def test_one_plate_named_twice_is_one_candidate(park, entry, way_out):
    inside(park, "AB12CDE", minutes=5)
    twice = [{"plate": "AB12CDE", "probability": 0.48}, {"plate": "ab 12 cde", "probability": 0.48}]
    assert way_out.answer("AB12CDE", confidence=0.96, candidates=twice) == "open free"


def test_an_exit_before_its_entry_costs_nothing_and_is_in_doubt(park, entry, way_out):
    entry.ask(seen_at=datetime.now(UTC) + timedelta(seconds=100))
    assert way_out.answer() == "open free"
    stay = ParkingSession.objects.get()
    assert (stay.left_at, stay.doubt) == (stay.entered_at, "clock")


def test_an_entry_told_a_day_late_is_charged_by_nobody_but_a_person(entry, way_out):
    seen = ago(days=1)
    assert decided_alone(entry, seen_at=seen) == 200
    stay = ParkingSession.objects.get()
    assert (stay.entered_at, stay.doubt) == (seen, "clock")
    told = way_out.ask().json()
    assert (told["reason"], told["due"], told["pay_url"]) == ("doubt", None, None)


@pytest.mark.parametrize("year", [1970, 2100])
def test_an_entry_told_late_from_another_century_owes_nothing(entry, way_out, year):
    assert decided_alone(entry, seen_at=datetime(year, 1, 1, tzinfo=UTC)) == 200
    told = way_out.ask().json()
    assert told["due"] is None
    for stay in ParkingSession.objects.all():
        assert stay.doubt == "clock"
        assert stay.stay(datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize("year", [1970, 2100])
def test_an_exit_told_late_from_another_century_ends_nothing(park, way_out, year):
    stay = inside(park, "AB12CDE", hours=5)
    assert decided_alone(way_out, seen_at=datetime(year, 1, 1, tzinfo=UTC)) == 200
    stay.refresh_from_db()
    assert stay.left_at is None


@pytest.mark.parametrize("year", [1970, 2100])
def test_an_exit_whose_clock_is_wild_charges_nothing(park, way_out, year):
    stay = inside(park, "AB12CDE", hours=5)
    told = way_out.ask(seen_at=datetime(year, 1, 1, tzinfo=UTC)).json()
    assert (told["reason"], told["due"], told["pay_url"]) == ("doubt", None, None)
    stay.refresh_from_db()
    assert (stay.doubt, quote(stay, datetime.now(UTC)).due) == ("clock", None)


@pytest.mark.parametrize("kind", ["opened", "passed", "backed_out"])
def test_an_event_before_its_passage_or_a_century_off_breaks_nothing(entry, way_out, kind):
    car = uuid.uuid4()
    for year in (1970, 2100):
        told = way_out.tell(kind, car, at=datetime(year, 1, 1, tzinfo=UTC))
        assert told.status_code == 200
    assert way_out.ask(passage=car).status_code == 200
