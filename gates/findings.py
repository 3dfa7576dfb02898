"""What reviewers find: each answer to a case, what follows from it, and how it is taken back."""

from datetime import timedelta

from gates import choices, passages, review
from gates.evidence import is_no_orphan
from gates.models import Case, Finding
from gates.rules.agreement import asked_twice
from gates.rules.decisions import Decision
from parking import doubts

UNDO_WITHIN = timedelta(minutes=2)

What, Effect = Finding.What, Finding.Effect
WHY = {
    What.CHOSEN: "Chosen by eye in the review",
    What.TYPED: "Read by eye in the review",
    What.RIGHT: "Both pictures looked at in the review",
}


class CannotUndo(Exception):  # noqa: N818
    """The answer cannot be taken back; the message says why."""


def answer(case, what, *, by, now, plate="", stay_id=None):
    """A reviewer answers a case: `what` (a `Finding.What`), with the `plate` (canonical) and the id of
    the stay that it is about where there are such. Returns the `Finding`.

    The same person's second answer to a case is the first one; an answer that comes when the case is
    closed, or somebody else's, is kept and changes nothing.
    """
    with passages.one_at_a_time(case.car_park_id):
        earlier = case.findings.filter(Finding.STANDS, by=by).first()
        if earlier:
            return earlier  # a key pressed twice, or in two tabs
        case.refresh_from_db()
        finding = Finding(case=case, what=what, plate=plate, stay_id=stay_id, by=by, at=now)
        finding.seconds = (now - (case.claimed_at or now)).total_seconds()
        if not _takes(case, what, by, now):
            return _late(finding)
        if what == What.LEFT:
            finding.effect = Effect.DONE
        elif case.again_id:
            finding.effect = Effect.BLIND
        else:
            _act(finding, now)
            _ask_again(case, now)
        finding.save()
        return finding


def _takes(case, what, by, now):
    """Compare and set: whether the case was this person's to answer, and closes with it."""
    mine = Case.objects.filter(Case.OPEN, pk=case.pk, claimed_by=by)
    if not review.stands(case, now):
        mine.update(closed_at=now, closed_as=Case.Closed.GONE)
        return False
    if what == What.LEFT:
        return mine.update(claimed_by=None, claimed_until=None) == 1
    return mine.update(closed_at=now, closed_as=Case.Closed.ANSWERED) == 1


def _late(finding):
    same = finding.case.findings.filter(by=finding.by, effect=Effect.LATE, what=finding.what)
    if kept := same.filter(plate=finding.plate, stay=finding.stay).first():
        return kept
    finding.effect = Effect.LATE
    finding.save()
    return finding


def _act(finding, now):
    """Let what was found have its effect, and write down what it changed."""
    finding.effect = Effect.DONE
    finding.passage = finding.case.passage or choices.last_seen(finding.case.stay)
    finding.before = facts(finding)
    ACTS[finding.what](finding, now)
    finding.after = {**finding.after, **facts(finding)}


def facts(finding):
    """What an answer may change, as plain values: to be shown, and to be brought back."""
    stay, passage = finding.case.stay, finding.passage
    if passage:
        passage.refresh_from_db()
        stay = stay or passage.session
    if stay:
        stay.refresh_from_db()
    return (_of_passage(passage) if passage else {}) | (_of_stay(stay) if stay else {})


def _of_passage(passage):
    return {
        "plate": passage.plate,
        "corrected": passage.corrected,
        "nobody": passage.nobody,
        "open": passage.decision == Decision.OPEN,
    }


def _of_stay(stay):
    return {
        "stay": stay.pk,
        "stay_plate": stay.plate,
        "doubt": stay.doubt,
        "left_at": stay.left_at and stay.left_at.isoformat(),
    }


def _correct(finding, now):
    finding.correction = passages.correct(
        finding.passage, finding.plate, by=finding.by, why=WHY[finding.what], now=now
    )
    passages.join_stay(finding.passage, by=finding.by, now=now, stay=finding.stay)
    if finding.stay:
        is_no_orphan(finding.passage, by=finding.by, now=now)


def _right(finding, now):
    unsettled = finding.case.stay.doubts.filter(settled_at=None)
    finding.after = {"settled": list(unsettled.values_list("pk", flat=True))}
    doubts.settle_these(unsettled, by=finding.by, why=WHY[What.RIGHT], at=now)


def _nobody(finding, now):
    """No stay fits this exit, or it is not the vehicle of the stay that it was taken for.

    Of a vehicle that has gone it is a fact and no more: its stay keeps its doubt, and is not charged.
    """
    passage = finding.passage
    if passage is None or passage.lane.direction == "in":
        return
    waits = passage.is_unresolved
    if waits or passage.session_id is None:
        passage.nobody = True
        passage.save(update_fields=["nobody"])
    if waits:
        passages.leave_stay(passage, by=finding.by, now=now)


ACTS = {What.CHOSEN: _correct, What.TYPED: _correct, What.RIGHT: _right, What.NOBODY: _nobody}


def _ask_again(case, now):
    """Every so many cases somebody else is asked the same, and does not know."""
    if not asked_twice(case.pk):
        return
    first = {
        **{"car_park": case.car_park, "kind": case.kind, "shown": case.shown},
        **{"passage": case.passage, "stay": case.stay, "found_at": now},
        **{"wrong": 0.0, "money": case.money, "harm": 0},
    }
    second, fresh = Case.objects.get_or_create(again=case, defaults=first)
    if not fresh and second.closed_as == Case.Closed.GONE:  # the first answer was taken back
        Case.objects.filter(pk=second.pk).update(
            closed_at=None, closed_as="", claimed_by=None, claimed_until=None
        )


def last_of(person, now):
    """The answer that this person could take back now, or None."""
    newest = person.findings.exclude(effect=Effect.LATE).filter(undone_at=None)
    return newest.filter(at__gt=now - UNDO_WITHIN).select_related("case").first()


def undo(finding, now):
    """Take back this answer, and claim its case again for who gave it; returns the `Case`.

    One that is taken back already stays so. Raises `CannotUndo` when it is too late for it, or when
    there is none (`finding` is None).
    """
    if finding is None:
        raise CannotUndo("There is no such answer of yours.")
    with passages.one_at_a_time(finding.case.car_park_id):
        finding.refresh_from_db()
        if finding.undone_at is None:
            _check(finding, now)
            _bring_back(finding, now)
        return finding.case


# What must still be as the answer left it, or somebody has gone on from there.
KEPT = ("plate", "corrected", "nobody", "stay_plate", "left_at")


def _check(finding, now):
    """Raise `CannotUndo` when time, or the world, has gone on with the answer."""
    if finding.at <= now - UNDO_WITHIN:
        raise CannotUndo(
            "An answer can be taken back for two minutes: correct the passage instead."
        )
    if finding.effect != Effect.DONE:
        return
    before, after, found = finding.before, finding.after, facts(finding)
    if found.get("open") and not before.get("open"):
        raise CannotUndo("The arm has opened for it: this answer cannot be taken back.")
    if _is_paid(finding):
        raise CannotUndo("It has been paid since: this answer cannot be taken back.")
    if _another_holds(finding, now):
        raise CannotUndo("Somebody else has it before them now.")
    if finding.what != What.LEFT and any(
        found.get(name) != after.get(name) for name in _kept(finding)
    ):
        raise CannotUndo("It has changed since: look at the passage and correct it there.")
    if before.get("open") and before.get("stay") not in (None, after.get("stay")):
        raise CannotUndo("Two stays have changed by it: correct the passage, and look at both.")


def _kept(finding):
    """A passage finds its stay by itself when the lane asks again; a stay's own facts count."""
    if finding.what == What.RIGHT:
        return (*KEPT, "doubt")
    return KEPT if finding.case.stay_id else KEPT[:3]


def _is_paid(finding):
    stay = finding.case.stay
    return stay is not None and stay.payments.filter(paid_at__gt=finding.at).exists()


def _another_holds(finding, now):
    held = Case.objects.filter(Case.OPEN, pk=finding.case_id, claimed_until__gt=now)
    return held.exclude(claimed_by=finding.by).exists()


def _bring_back(finding, now):
    case = finding.case
    if finding.effect == Effect.DONE and finding.what in BACK:
        BACK[finding.what](finding, now)
    finding.undone_at = now
    finding.save(update_fields=["undone_at"])
    Case.objects.filter(again=case, closed_at=None).update(
        closed_at=now, closed_as=Case.Closed.GONE
    )
    # Who goes back gives up what came next: one person has one case.
    Case.objects.filter(Case.OPEN, claimed_by=finding.by).update(
        claimed_by=None, claimed_until=None
    )
    Case.objects.filter(pk=case.pk).exclude(closed_as=Case.Closed.GONE).update(
        closed_at=None,
        closed_as="",
        claimed_by=finding.by,
        claimed_at=now,
        claimed_until=now + review.CLAIM_HOLDS,
    )
    case.refresh_from_db()


def _uncorrect(finding, now):
    joined = finding.after.get("stay") and not finding.before.get("stay")
    if joined and finding.after["open"]:
        passages.leave_stay(finding.passage, by=finding.by, now=now)
    passages.take_back(finding.correction, now=now)


def _not_right(finding, now):
    doubts.doubt_again(finding.after["settled"])


def _somebody(finding, now):
    passage = finding.passage
    if passage is None or not passage.nobody:
        return
    is_no_orphan(passage, by=finding.by, now=now)
    passage.nobody, passage.session_id = False, finding.before.get("stay")
    passage.save(update_fields=["nobody", "session"])


BACK = {
    What.CHOSEN: _uncorrect,
    What.TYPED: _uncorrect,
    What.RIGHT: _not_right,
    What.NOBODY: _somebody,
}
