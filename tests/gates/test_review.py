"""The review queue: what becomes a case, who gets it, and many reviewers at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from billing import links
from billing.models import Payment
from billing.quotes import quote
from gates import findings, review
from gates.models import Case, Finding
from parking.doubts import raise_doubt
from parking.models import BlockedPlate, Doubt, ParkingSession
from tests.gates.reviewing import again, doubted, inside, say, take
from tests.gates.room import browser, held, person, text

pytestmark = pytest.mark.django_db

What = Finding.What


# ---- what becomes a case ----


def test_what_needs_a_person_becomes_a_case_of_its_kind(park, entry, way_out, ann):
    BlockedPlate.objects.create(car_park=park, plate="BL0CKED", why="Did not pay")
    inside(park, "TW1CE")
    held(entry, None, confidence=None)
    held(entry, "BL0CKED")
    held(entry, "TW1CE")
    held(way_out, "N0B0DY")
    doubted(park, "D0UBT")
    held(entry, "AB12CDE")  # read and let in: nothing to look at
    take(park, ann)
    kinds = sorted(Case.objects.values_list("kind", flat=True))
    assert kinds == ["blocked_hit", "doubtful", "doubtful", "unmatched", "unreadable"]


def test_looking_again_finds_nothing_twice(park, way_out, ann, ben):
    held(way_out, "N0B0DY")
    first = take(park, ann)
    assert take(park, ben) is None
    assert take(park, ann) == first  # in a second tab
    assert Case.objects.count() == 1


def test_a_case_closes_by_itself_when_the_vehicle_backs_out(park, way_out, ann):
    passage = held(way_out, "N0B0DY")
    case = take(park, ann)
    way_out.tell("backed_out", passage.pk)
    assert take(park, ann) is None
    case.refresh_from_db()
    assert case.closed_as == "gone"


def test_a_case_closes_by_itself_when_the_plate_is_read_after_all(park, entry, ann):
    passage = held(entry, None, confidence=None)
    take(park, ann)
    again(entry, passage, "AB12CDE")
    assert take(park, ann) is None


def test_a_doubtful_stay_that_is_paid_needs_nobody(park, ann):
    stay = doubted(park, "D0UBT")
    take(park, ann)
    Payment.objects.create(
        session=stay,
        amount=10_000,
        currency="GBP",
        provider="mock",
        reference="1",
        paid_at=timezone.now(),
    )
    assert take(park, ann) is None


def test_a_stay_in_doubt_that_costs_nothing_is_no_work(park, ann):
    left = timezone.now()
    stay = inside(park, "FREE", ago=timedelta(minutes=5), left_at=left)
    raise_doubt(stay, Doubt.CLOCK, at=left)
    assert take(park, ann) is None
    assert review.queue(park, ann, timezone.now()).left == 0


def test_a_car_waits_before_money_the_longest_first(park, way_out, second_exit, ann):
    doubted(park, "D0UBT", Doubt.MISSED_EXIT, ago=timedelta(days=3))
    late = held(way_out, "LATE")
    early = held(second_exit, "EARLY", seen_at=timezone.now() - timedelta(minutes=1))
    order = []
    while case := take(park, ann):
        order.append(case.passage or case.stay.plate)
        say(case, What.NOBODY, ann)
    assert order == [early, late, "D0UBT"]


def test_of_two_doubts_the_dearer_goes_first(park, ann):
    doubted(park, "SH0RT", ago=timedelta(hours=1))
    doubted(park, "L0NG", ago=timedelta(hours=8))
    assert take(park, ann).stay.plate == "L0NG"


# ---- who gets it ----


def test_a_claim_that_is_not_answered_in_time_is_free_again(park, way_out, ann, ben):
    held(way_out, "N0B0DY")
    case = take(park, ann)
    later = timezone.now() + review.CLAIM_HOLDS + timedelta(seconds=1)
    assert review.next_case(park, ben, later) == case
    assert say(case, What.NOBODY, ann).effect == "late"
    assert say(case, What.NOBODY, ben).effect == "done"


def test_a_case_left_to_somebody_else_goes_to_somebody_else(park, way_out, ann, ben):
    held(way_out, "N0B0DY")
    case = take(park, ann)
    say(case, What.LEFT, ann)
    assert take(park, ann) is None
    assert review.queue(park, ann, timezone.now()).left == 0
    assert take(park, ben) == case


def test_the_queue_is_counted_before_anybody_looks(park, entry, way_out, ann, ben):
    held(way_out, "N0B0DY")
    held(entry, None, confidence=None)
    doubted(park, "D0UBT")
    assert review.queue(park, ann, timezone.now()) == review.Queue(left=3, free=3, cars=2)
    assert not Case.objects.exists()
    take(park, ben)
    assert review.queue(park, ann, timezone.now()) == review.Queue(left=3, free=2, cars=2)
    assert review.at_work(park, timezone.now()) == ("ben",)


# ---- many at once ----


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_many_reviewers_at_the_same_moment_never_get_the_same_case(park):
    stays, people = 12, [person("reviewer", f"reviewer-{number}") for number in range(6)]
    for number in range(stays):
        doubted(park, f"D0UBT{number}")
    start, got, failed = threading.Barrier(len(people)), [], []

    def work(someone):
        try:
            start.wait(timeout=20)
            while case := take(park, someone):
                got.append(case.pk)
                finding = say(case, What.RIGHT, someone, plate=case.stay.plate)
                if finding.effect not in ("done", "blind"):  # one in fifty is asked twice
                    failed.append(finding.effect)
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    crew = [threading.Thread(target=work, args=[someone]) for someone in people]
    for one in crew:
        one.start()
    for one in crew:
        one.join(timeout=60)
    assert failed == []
    assert sorted(got) == sorted(set(got))
    assert Case.objects.filter(again=None, closed_as="answered").count() == stays
    assert not ParkingSession.objects.exclude(doubt="").exists()


def disputed(park, client, plate="AB12CDE"):
    """A stay whose driver said on the pay page that its times are wrong."""
    stay = inside(park, plate)
    address = links.pay_path(stay, park) + "wrong/"
    client.post(address, {"what": "times", "words": "I came at noon"})
    return stay


def test_what_a_driver_disputes_is_a_case_at_once_with_what_was_said(park, ann, client):
    stay = disputed(park, client)
    case = review.next_case(park, ann, timezone.now())
    assert (case.stay, case.kind, case.money) == (stay, "doubtful", 450)
    said = 'the driver says that the times are wrong: "I came at noon"'
    assert case.shown["said"] == [said]
    page = browser(ann).get("/review/")
    assert page.status_code == 200
    page = browser(ann).post("/review/next/")
    assert "The driver says that the times are wrong: &quot;I came at noon&quot;" in text(page)


def test_a_reviewers_answer_ends_a_dispute_and_undo_brings_it_back(park, ann, client):
    stay = disputed(park, client)
    case = review.next_case(park, ann, timezone.now())
    found = findings.answer(case, What.RIGHT, by=ann, now=timezone.now(), stay_id=stay.pk)
    stay.refresh_from_db()
    assert (stay.doubt, quote(stay, timezone.now()).due) == ("", 450)
    page = text(client.get(links.pay_path(stay, park)))
    assert "Somebody looked at its pictures and found it right." in page
    findings.undo(found, timezone.now())
    stay.refresh_from_db()
    assert (stay.doubt, quote(stay, timezone.now()).due) == ("disputed", None)


def test_a_dispute_is_told_at_the_exit(park, way_out, client):
    disputed(park, client)
    told = way_out.ask().json()
    assert (told["reason"], told["due"]) == ("doubt", None)
    assert told["message"] == (
        "You told us that something is wrong with your stay. "
        "Please wait, somebody is looking. Nothing is charged until then."
    )
