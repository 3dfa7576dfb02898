"""The acts on a stay: come in, wait at the exit, leave, turn back. Each is safe to do twice."""

from django.db import IntegrityError, transaction

from parking.doubts import raise_doubt
from parking.models import CarPark, Confirmation, Doubt, ParkingSession
from parking.rules.matching import rows_of
from parking.rules.plates import folded


class AlreadyInside(Exception):  # noqa: N818
    """Another stay of this plate is open; `session` is that one."""

    def __init__(self, session):
        super().__init__(f"{session.plate} is already inside")
        self.session = session


def find(car_park, plate):
    """The open stay of this plate, or None (`parking.rules.matching`)."""
    alike = ParkingSession.objects.filter(
        ParkingSession.OPEN, car_park=car_park, folded=folded(plate)
    )
    return next(iter(rows_of(plate, alike.select_related("permit", "car_park"))), None)


def enter(car_park, plate, *, permit, entered_at, doubt=Doubt.NONE, by="", vehicle_class=""):
    """Open a stay; `by` is the lane's name. Raises `AlreadyInside` when the database says that one is."""
    try:
        with transaction.atomic():
            session = ParkingSession.objects.create(
                car_park=car_park,
                plate=plate,
                permit=permit,
                entered_at=entered_at,
                entered_by=by,
                vehicle_class=vehicle_class,
            )
    except IntegrityError as error:
        inside = find(car_park, plate)
        if inside is None:
            raise
        raise AlreadyInside(inside) from error
    if doubt:
        raise_doubt(session, doubt, at=entered_at)
    return session


def wait_at_exit(session, since):
    """From its first moment at the exit lane, queueing is not billed."""
    if session.waiting_since is None:
        session.waiting_since = max(since, session.entered_at)
        session.save(update_fields=["waiting_since"])


def leave_by_permit(session, permit):
    """It leaves by this permit, which its entry could not know where it read another plate. With None
    it does not, and one that it had so is taken back."""
    its_own = permit is not None and permit.folded == folded(session.plate)
    if session.permit == session.exit_permit and not its_own:
        session.permit = permit
        session.save(update_fields=["permit"])


def leave(session, at, *, by=""):
    """Close the stay; `by` is the lane's name. An exit is never earlier than its entry: then the clocks
    are in doubt."""
    session.left_at, session.left_by = max(at, session.entered_at), by
    session.save(update_fields=["left_at", "left_by"])
    if at < session.entered_at:
        raise_doubt(session, Doubt.CLOCK, at=session.left_at)


def come_back(session):
    """The vehicle backed out of the exit lane: it is inside again, and time counts again."""
    session.left_at = session.waiting_since = None
    session.left_by = ""
    try:
        with transaction.atomic():
            session.save(update_fields=["left_at", "left_by", "waiting_since"])
    except IntegrityError:  # it came in again meanwhile: that newer stay is the true one
        session.refresh_from_db()


def void(session, now):
    """The stay never was: the vehicle backed out of the entry. Nothing that was paid is lost."""
    session.voided_at = now
    session.save(update_fields=["voided_at"])


def close_missed_exit(session, at):
    """The vehicle stands at an entry again, so its exit was missed: closed, and never charged."""
    session.left_at = max(at, session.entered_at)
    session.save(update_fields=["left_at"])
    raise_doubt(session, Doubt.MISSED_EXIT, at=session.left_at)


def grant(permit):
    """A visitor who is inside already gets a new pass for this stay; it is the pass's first visit.

    Only a pass for so many visits has to be granted: what has dates and hours alone follows its plate.
    """
    with transaction.atomic():
        CarPark.objects.select_for_update().get(pk=permit.car_park_id)
        session = find(permit.car_park, permit.plate)
        if session and session.permit is None and permit.visits is not None:
            session.permit = permit
            session.save(update_fields=["permit"])


def confirm(session, entitlement, *, by, why, now):
    """A person confirms that somebody is entitled, for this stay only; again it is the same row."""
    kept, _ = Confirmation.objects.get_or_create(
        session=session,
        entitlement=entitlement,
        withdrawn_at=None,
        defaults={"free_for": entitlement.free_for, "by": by, "why": why, "at": now},
    )
    return kept


def withdraw(confirmation, *, by, why, now):
    """A confirmation was a mistake: it counts no more, and stays to be seen. The first word counts."""
    still = Confirmation.objects.filter(pk=confirmation.pk, withdrawn_at=None)
    still.update(withdrawn_at=now, withdrawn_by=by, withdrawn_why=why)
