"""What a reviewer chooses from: the stays that a passage could belong to, and how else it could be read."""

from dataclasses import asdict, dataclass, replace

from gates.models import Case
from parking.models import BlockedPlate, Doubt, ParkingSession

MOST = 9  # as many as there are number keys
READS = 3  # readings that no stay stands behind; more is guessing


@dataclass(frozen=True)
class Choice:
    """A plate to choose: `stay` is the id of the open stay behind it, or None. `probability` may be
    unknown. `right` says that the stay is as it should be, whatever was doubted; `blocked` that this
    plate may not come in."""

    plate: str
    stay: int | None = None
    probability: float | None = None
    right: bool = False
    blocked: bool = False


def offered(case, now):
    """The choices of a case, the likeliest first, as a tuple."""
    if case.stay_id:
        return _of_stay(case.stay)
    return _of_passage(case.passage, now)


def shown(case, now):
    """What a case shows its reviewer, kept with it: the numbers stay what they were."""
    passage = case.passage or last_seen(case.stay)
    return {
        "plate": passage.plate if passage else case.stay.plate,
        "waits": passage is not None and passage.is_unresolved,
        "choices": [asdict(choice) for choice in offered(case, now)],
        "doubt": _doubt(case.stay) if case.stay else "",
        "said": _said(case.stay) if case.stay else [],
        "nobody": passage.match.get("nobody") if passage else None,
    }


def _doubt(stay):
    """The gravest doubt of this stay; a dispute says itself what it is about."""
    return "" if stay.doubt == Doubt.DISPUTED else stay.get_doubt_display()


def _said(stay):
    """What the driver said is wrong with this stay, as it stands in its disputes."""
    disputes = stay.doubts.filter(kind=Doubt.DISPUTED, settled_at=None)
    return list(disputes.values_list("about", flat=True))


def last_seen(stay):
    """The newest passage of a stay: the exit, where it has one; or None."""
    return stay.passages.select_related("lane").order_by("-seen_at").first()


# A doubt that looking at pictures can never lift: nobody saw when that vehicle left.
NEVER_RIGHT = {"missed_exit"}


def _of_stay(stay):
    right = [] if stay.doubt in NEVER_RIGHT else [Choice(stay.plate, stay.pk, right=True)]
    passage = last_seen(stay)
    if passage is None or passage.lane.direction == "in":
        return tuple(right)
    others = [one for one in stays_like(passage) if one.stay != stay.pk]
    return tuple((right + others)[:MOST])


def _of_passage(passage, now):
    stays = stays_like(passage) if passage.lane.direction == "out" else []
    known = {choice.plate for choice in stays}
    reads = [choice for choice in _readings(passage) if choice.plate not in known]
    if passage.reason == "blocked":
        reads = _blocked_first(passage, reads, now)
    return tuple((stays + reads[:READS])[:MOST])


def stays_like(passage):
    """The open stays that this passage could be, the likeliest first, as its latest answer had them."""
    ranked = passage.match.get("ranked", [])
    stays = ParkingSession.objects.filter(pk__in=[one["session"] for one in ranked])
    still_inside = set(stays.filter(ParkingSession.OPEN).values_list("pk", flat=True))
    return [
        Choice(one["plate"], one["session"], one["probability"])
        for one in ranked
        if one["session"] in still_inside
    ]


def _readings(passage):
    """How the plate could be read, the likeliest first."""
    told = {one["plate"]: one["probability"] for one in passage.candidates}
    if passage.plate:
        told.setdefault(passage.plate, passage.confidence)
    return sorted(
        (Choice(plate, probability=share) for plate, share in told.items()),
        key=lambda choice: -(choice.probability or 0),
    )


def _blocked_first(passage, reads, now):
    """Is it the blocked plate, or one that only looks like it?"""
    car_park = passage.lane.car_park
    told = [
        replace(one, blocked=BlockedPlate.covering(car_park, one.plate, now) is not None)
        for one in reads
    ]
    return sorted(told, key=lambda one: not one.blocked)


def best_stay(case, choices):
    """The stay on which money hangs: the case's own, or the likeliest of its choices; or None."""
    if case.kind == Case.Kind.DOUBTFUL and case.stay_id:
        return case.stay
    first = next((choice.stay for choice in choices if choice.stay), None)
    return first and ParkingSession.objects.select_related("car_park", "permit").get(pk=first)
