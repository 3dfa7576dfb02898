"""The review queue: what becomes a case, who gets it, what an answer does, and what takes it back."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from billing import links
from billing.models import Payment
from billing.quotes import quote
from gates import findings, review
from gates.models import Case, Correction, Finding
from gates.rules.agreement import asked_twice
from parking.doubts import raise_doubt
from parking.models import BlockedPlate, Doubt, ParkingSession
from tests.gates.room import browser, held, person, text

pytestmark = pytest.mark.django_db

What = Finding.What


@pytest.fixture
def ann(park):
    return person("reviewer", "ann")


@pytest.fixture
def ben(park):
    return person("reviewer", "ben")


def inside(park, plate, ago=timedelta(hours=2), **facts):
    return ParkingSession.objects.create(
        car_park=park, plate=plate, entered_at=timezone.now() - ago, **facts
    )


def doubted(park, plate, kind=Doubt.CLOCK, **facts):
    """A stay that has left and is in doubt."""
    stay = inside(park, plate, left_at=timezone.now() - timedelta(minutes=30), **facts)
    raise_doubt(stay, kind, at=timezone.now())
    return stay


# A read that could be two plates, for which the lane alone takes no stay when both are inside.
EITHER = {
    "confidence": 0.5,
    "candidates": [
        {"plate": "AE12CDE", "probability": 0.5},
        {"plate": "AB12CDE", "probability": 0.4},
    ],
}


def either(park, way_out):
    """A vehicle at the exit that could be either of two stays; its passage and the second's stay."""
    inside(park, "AE12CDE")
    stay = inside(park, "AB12CDE")
    return held(way_out, "AE12CDE", **EITHER), stay


def take(park, someone):
    return review.next_case(park, someone, timezone.now())


def say(case, what, by, **more):
    return findings.answer(case, what, by=by, now=timezone.now(), **more)


def again(lane_box, passage, plate, **more):
    """The lane asks again for the same vehicle: decision and reason."""
    return lane_box.answer(plate, passage=passage.pk, **more)


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


# ---- what an answer does ----


def test_the_stay_that_is_chosen_at_an_exit_is_what_the_lane_is_told(park, way_out, ann):
    passage, stay = either(park, way_out)
    assert passage.reason == "unreadable"
    case = take(park, ann)
    offered = [(one["plate"], one["stay"] is not None) for one in case.shown["choices"]]
    assert offered == [("AE12CDE", True), ("AB12CDE", True)]
    finding = say(case, What.CHOSEN, ann, plate="AB12CDE", stay_id=stay.pk)
    assert again(way_out, passage, "AE12CDE", **EITHER) == "hold due"
    assert (finding.before["plate"], finding.after["plate"]) == ("AE12CDE", "AB12CDE")
    passage.refresh_from_db()
    assert (passage.plate_read, passage.session) == ("AE12CDE", stay)


def test_of_two_stays_that_look_the_same_the_chosen_one_ends(park, way_out, ann):
    inside(park, "AB10")
    stay = inside(park, "ABIO")
    unsure = {
        "confidence": 0.5,
        "candidates": [
            {"plate": "AB10", "probability": 0.5},
            {"plate": "ABIO", "probability": 0.5},
        ],
    }
    passage = held(way_out, "AB10", **unsure)
    assert passage.decision == "hold"
    say(take(park, ann), What.CHOSEN, ann, plate="ABIO", stay_id=stay.pk)
    assert again(way_out, passage, "AB10", **unsure) == "hold due"
    passage.refresh_from_db()
    assert passage.session == stay


def test_a_plate_that_is_well_read_and_like_another_stays_is_of_low_margin(park, way_out, ann):
    stay = inside(park, "AB12CDE")
    passage = held(way_out, "AF12CDE")
    assert passage.reason == "no_session"
    case = take(park, ann)
    assert (case.kind, case.shown["choices"][0]["stay"]) == ("low_margin", stay.pk)
    assert case.money == 450  # a third hour of that stay has begun


def test_a_typed_plate_lets_a_vehicle_in(park, entry, ann):
    passage = held(entry, None, confidence=None)
    say(take(park, ann), What.TYPED, ann, plate="AB12CDE")
    assert again(entry, passage, None, confidence=None) == "open visitor"


def test_no_match_shows_the_exit_as_without_entry(park, way_out, ann):
    passage = held(way_out, None, confidence=None)
    say(take(park, ann), What.NOBODY, ann)
    assert again(way_out, passage, None, confidence=None) == "hold no_session"
    assert take(park, ann) is None


def test_no_match_opens_nothing_by_a_plate_that_nobody_is_sure_of(park, way_out, ann):
    park.permits.create(plate="PE12MIT", holder="Smith & Co")
    passage = held(way_out, "PE12MIT", confidence=0.5)
    say(take(park, ann), What.NOBODY, ann)
    assert again(way_out, passage, "PE12MIT", confidence=0.5) == "hold no_session"


def test_a_doubt_that_is_right_is_settled_and_the_stay_is_charged(park, way_out, ann):
    stay = inside(park, "AB12CDE")
    raise_doubt(stay, Doubt.CLOCK, at=timezone.now())
    passage = held(way_out, "AB12CDE")
    assert passage.reason == "doubt"
    case = take(park, ann)
    say(case, What.RIGHT, ann, plate="AB12CDE", stay_id=stay.pk)
    assert again(way_out, passage, "AB12CDE") == "hold due"
    assert stay.doubts.get().settled_by == ann


def test_a_doubt_that_cannot_be_told_stays_and_nobody_is_asked_again(park, ann):
    stay = doubted(park, "M1SSED", Doubt.MISSED_EXIT)
    case = take(park, ann)
    assert case.shown["choices"] == []  # nobody saw it leave: no picture can make it right
    say(case, What.NOBODY, ann)
    stay.refresh_from_db()
    assert stay.doubt == "missed_exit"
    assert take(park, ann) is None


def test_a_stay_that_has_left_and_cannot_be_charged_keeps_its_end_and_its_doubt(
    park, way_out, operator, ann
):
    stay = inside(park, "AB12CDE")
    raise_doubt(stay, Doubt.NO_ENTRY_PICTURE, at=timezone.now())
    passage = held(way_out, "AB12CDE")
    let_out(way_out, passage, operator, "AB12CDE")
    way_out.tell("passed", passage.pk)
    say(take(park, ann), What.NOBODY, ann)
    stay.refresh_from_db()
    assert (stay.left_at is not None, stay.doubt) == (True, "no_entry_picture")
    assert take(park, ann) is None


def test_not_the_same_vehicle_lets_the_stay_go_on(park, way_out, ann):
    stay = inside(park, "AB12CDE")
    raise_doubt(stay, Doubt.CLOCK, at=timezone.now())
    passage = held(way_out, "AB12CDE")
    say(take(park, ann), What.NOBODY, ann)
    assert again(way_out, passage, "AB12CDE") == "hold no_session"
    stay.refresh_from_db()
    assert (stay.left_at, stay.waiting_since) == (None, None)


def test_a_blocked_plate_that_was_misread_may_come_in(park, entry, ann):
    BlockedPlate.objects.create(car_park=park, plate="BL0CKED", why="Did not pay")
    reads = [
        {"plate": "BL0CKED", "probability": 0.9},
        {"plate": "BL0CKEE", "probability": 0.1},
    ]
    passage = held(entry, "BL0CKED", candidates=reads)
    case = take(park, ann)
    assert [one["plate"] for one in case.shown["choices"]] == ["BL0CKED", "BL0CKEE"]
    say(case, What.CHOSEN, ann, plate="BL0CKEE")
    assert again(entry, passage, "BL0CKED") == "open visitor"


def test_an_exit_that_was_let_out_unread_ends_its_stay_afterwards(park, way_out, operator, ann):
    stay = inside(park, "AB12CDE")
    passage = held(way_out, None, confidence=None)
    let_out(way_out, passage, operator)
    case = take(park, ann)
    assert case.kind == "unreadable"
    say(case, What.TYPED, ann, plate="AB12CDE")
    stay.refresh_from_db()
    passage.refresh_from_db()
    assert (stay.left_at, passage.session) == (passage.seen_at, stay)


def let_out(lane_box, passage, operator, plate=None):
    from gates.passages import give_order

    give_order(lane_box.lane, "open", by=operator, why="Lets it out", now=timezone.now())
    confidence = 0.97 if plate else None
    assert again(lane_box, passage, plate, confidence=confidence) == "open operator"


# ---- twice, late ----


def test_a_key_that_is_pressed_twice_answers_once(park, entry, ann):
    held(entry, None, confidence=None)
    case = take(park, ann)
    first = say(case, What.TYPED, ann, plate="AB12CDE")
    assert say(case, What.TYPED, ann, plate="AB12CDE") == first
    assert say(case, What.NOBODY, ann) == first  # another tab, another key
    assert (Finding.objects.count(), Correction.objects.count()) == (1, 1)


def test_an_answer_that_comes_too_late_is_kept_and_harmless(park, way_out, ann):
    passage, _ = either(park, way_out)
    case = take(park, ann)
    way_out.tell("backed_out", passage.pk)
    for _ in range(2):
        finding = say(case, What.CHOSEN, ann, plate="AB12CDE")
    assert (finding.effect, Finding.objects.count()) == ("late", 1)
    assert not Correction.objects.exists()


# ---- taken back ----


def undo(finding, after=timedelta(0)):
    return findings.undo(finding, timezone.now() + after)


def test_an_answer_is_taken_back_and_its_case_is_there_again(park, way_out, ann, ben):
    passage, stay = either(park, way_out)
    case = take(park, ann)
    finding = say(case, What.CHOSEN, ann, plate="AB12CDE", stay_id=stay.pk)
    assert again(way_out, passage, "AE12CDE", **EITHER) == "hold due"
    assert undo(finding) == case
    assert undo(finding) == case  # pressed twice
    assert again(way_out, passage, "AE12CDE", **EITHER) == "hold unreadable"
    assert (take(park, ann), take(park, ben)) == (case, None)
    assert Correction.objects.get().undone_at is not None


def test_a_settled_doubt_is_raised_again(park, ann):
    stay = doubted(park, "D0UBT")
    finding = say(take(park, ann), What.RIGHT, ann, plate="D0UBT", stay_id=stay.pk)
    stay.refresh_from_db()
    assert stay.doubt == ""
    undo(finding)
    stay.refresh_from_db()
    assert stay.doubt == "clock"


def test_no_match_is_taken_back(park, way_out, ann):
    stay = inside(park, "AB12CDE")
    raise_doubt(stay, Doubt.CLOCK, at=timezone.now())
    passage = held(way_out, "AB12CDE")
    finding = say(take(park, ann), What.NOBODY, ann)
    assert again(way_out, passage, "AB12CDE") == "hold no_session"
    undo(finding)
    assert again(way_out, passage, "AB12CDE") == "hold doubt"


def test_a_stay_that_was_joined_goes_on_when_that_is_taken_back(park, way_out, operator, ann):
    stay = inside(park, "AB12CDE")
    passage = held(way_out, None, confidence=None)
    let_out(way_out, passage, operator)
    finding = say(take(park, ann), What.TYPED, ann, plate="AB12CDE")
    undo(finding)
    stay.refresh_from_db()
    passage.refresh_from_db()
    assert (stay.left_at, passage.session, passage.plate) == (None, None, "")


def test_an_answer_cannot_be_taken_back_once_the_arm_has_opened(park, entry, ann):
    passage = held(entry, None, confidence=None)
    finding = say(take(park, ann), What.TYPED, ann, plate="AB12CDE")
    assert again(entry, passage, None, confidence=None) == "open visitor"
    with pytest.raises(findings.CannotUndo, match="The arm has opened"):
        undo(finding)


def test_an_answer_cannot_be_taken_back_after_two_minutes(park, way_out, ann):
    held(way_out, "N0B0DY")
    finding = say(take(park, ann), What.NOBODY, ann)
    with pytest.raises(findings.CannotUndo, match="two minutes"):
        undo(finding, after=timedelta(minutes=3))
    assert findings.last_of(ann, timezone.now() + timedelta(minutes=3)) is None


def test_an_answer_that_somebody_went_on_from_is_not_taken_back(park, way_out, ann, operator):
    from gates.passages import correct

    passage = held(way_out, "A812CDE", confidence=0.5)
    finding = say(take(park, ann), What.TYPED, ann, plate="AB12CDE")
    correct(passage, "AC12CDE", by=operator, why="No", now=timezone.now())
    with pytest.raises(findings.CannotUndo, match="changed since"):
        undo(finding)


def test_a_case_that_was_left_is_not_taken_from_who_has_it(park, way_out, ann, ben):
    held(way_out, "N0B0DY")
    finding = say(take(park, ann), What.LEFT, ann)
    take(park, ben)
    with pytest.raises(findings.CannotUndo, match="Somebody else"):
        undo(finding)


# ---- asked twice, blind ----


def in_the_sample(park, ann):
    """A case that is asked twice, claimed by Ann."""
    number = next(number for number in range(1, 1000) if asked_twice(number))
    case = take(park, ann)
    Case.objects.filter(pk=case.pk).update(id=number)
    return Case.objects.get(pk=number)


def test_a_sample_is_shown_to_somebody_else_who_changes_nothing(park, way_out, ann, ben):
    passage = held(way_out, "A812CDE", confidence=0.5)
    case = in_the_sample(park, ann)
    say(case, What.TYPED, ann, plate="AB12CDE")
    assert take(park, ann) is None
    second = take(park, ben)
    assert (second.again, second.kind, second.shown) == (case, case.kind, case.shown)
    assert second.shown["plate"] == "A812CDE"
    finding = say(second, What.TYPED, ben, plate="ZZ99ZZZ")
    assert finding.effect == "blind"
    passage.refresh_from_db()
    assert passage.plate == "AB12CDE"
    assert take(park, ben) is None


def test_who_takes_an_answer_back_takes_back_its_second_look(park, way_out, ann, ben):
    held(way_out, "A812CDE", confidence=0.5)
    finding = say(in_the_sample(park, ann), What.TYPED, ann, plate="AB12CDE")
    undo(finding)
    say(finding.case, What.LEFT, ann)
    assert take(park, ben) == finding.case
    say(finding.case, What.TYPED, ben, plate="AB12CDE")
    assert take(park, ann).again == finding.case


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
                if finding.effect != "done":
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
