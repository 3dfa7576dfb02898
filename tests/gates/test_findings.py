"""What a reviewer's answer does, what takes it back, and the second look at a sample."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gates import findings
from gates.models import Correction, Finding
from parking.doubts import raise_doubt
from parking.models import BlockedPlate, Doubt
from tests.gates.reviewing import (
    EITHER,
    again,
    doubted,
    either,
    in_the_sample,
    inside,
    let_out,
    say,
    take,
)
from tests.gates.room import held

pytestmark = pytest.mark.django_db

What = Finding.What


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
