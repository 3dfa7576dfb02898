"""What became of a played day, counted against the truth that the server never saw."""

from collections import Counter
from dataclasses import dataclass, fields

from billing.quotes import quote
from gates.models import Passage
from parking.models import ParkingSession


@dataclass(frozen=True)
class Counted:
    """Numbers of stays of one day.

    `right`: entry and exit were read, and one stay has both and no other. `merged`: a stay whose entry
    and exit are of different visits. `overcharged`: a driver paid more than the true stay costs, or for
    another's. `objected`: a driver was asked to pay for another's stay or for two visits, and said so;
    had he not read what he pays, he were among the overcharged. `reviewed`: a person was asked, or will
    be, for a doubt holds what is due. `left_over`: still open though the vehicle has gone. `asked`: a
    person was asked while the vehicle stood there.
    """

    stays: int
    right: int
    merged: int
    overcharged: int
    objected: int
    reviewed: int
    left_over: int
    asked: int
    seconds: float = 0.0


FIGURES = [each.name for each in fields(Counted) if each.name not in ("stays", "seconds")]


def counted(play, seconds):
    """The `Counted` of a play that is over."""
    visits = play.day.visits
    ends = _ends(play)
    reviewed = _reviewed(play, ends)
    return Counted(
        stays=len(visits),
        right=sum(_is_right(play.lives[visit.number], ends) for visit in visits),
        merged=sum(_is_merged(entries, exits) for entries, exits in ends.values()),
        overcharged=len(overcharged(play, ends)),
        objected=len(objected(play)),
        reviewed=len(reviewed),
        left_over=ParkingSession.objects.filter(ParkingSession.OPEN, car_park=play.park).count(),
        asked=sum(bool(play.lives[visit.number].helped) for visit in visits),
        seconds=seconds,
    )


def _ends(play):
    """Of each stay that was: the visits of its entries and of its exits, as two lists of numbers."""
    ends = {}
    let_through = Passage.objects.filter(
        lane__car_park=play.park, decision="open", session__voided_at=None, backed_out_at=None
    ).exclude(session=None)
    for passage in let_through.select_related("lane"):
        of = ends.setdefault(passage.session_id, ([], []))
        of[passage.lane.direction == "out"].append(play.by_passage[str(passage.pk)].number)
    return ends


def _is_right(life, ends):
    number = life.visit.number
    return bool(life.entry and life.exit) and ([number], [number]) in ends.values()


def _is_merged(entries, exits):
    return len({*entries, *exits}) > 1


def overcharged(play, ends=None):
    """Who paid too much or for another's stay: (life, session id, amount)."""
    ends = _ends(play) if ends is None else ends
    return [
        (life, session, amount)
        for life in play.lives.values()
        for session, amount in life.paid
        if set(ends.get(session, ([], []))[0]) != {life.visit.number} or amount > life.owes()
    ]


def objected(play):
    """Who was asked to pay for what was not the own stay, and said so: (life, session id, amount)."""
    return [
        (life, session, amount)
        for life in play.lives.values()
        for session, amount in life.objected.items()
    ]


def _reviewed(play, ends):
    """The visits for which a person was asked, or will be."""
    asked = {visit.number for visit in play.day.visits if play.lives[visit.number].helped}
    for session in _held(play):
        entries, exits = ends.get(session.pk, ([], []))
        asked.update([*entries, *exits])
    return asked


def _held(play):
    """The stays that owe something which a doubt holds back."""
    doubtful = ParkingSession.objects.filter(car_park=play.park, voided_at=None).exclude(doubt="")
    return [one for one in doubtful.select_related("car_park") if quote(one, play.now).held]


def reasons(play):
    """Why a person was asked, and which doubts are left for one: a Counter."""
    lives = (play.lives[visit.number] for visit in play.day.visits)
    asked = Counter(f"asked: {reason}" for life in lives for reason in dict.fromkeys(life.helped))
    return asked + Counter(f"held: {session.doubt}" for session in _held(play))


def merged(play):
    """The stays whose entry and exit are of different visits: (session id, entries, exits)."""
    return [(pk, *both) for pk, both in _ends(play).items() if _is_merged(*both)]
