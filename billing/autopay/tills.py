"""Cards are charged beside the request that asks, after its commit: a lane is answered in milliseconds,
and a card company takes seconds.

A few threads of this process, and no queue elsewhere: what to charge is in the database, so what dies with
the process is found again by the lane's next ask, or by `manage.py autopay`.
"""

import logging
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction
from django.utils import timezone

from billing.autopay import charges
from billing.models.autopay import PATIENCE
from parking.models import ParkingSession

AT_ONCE = 4  # cards that are charged at the same moment by one process
TILLS = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="till")

WAITS = PATIENCE  # what has waited longer for a free till is not charged any more

log = logging.getLogger(__name__)


def charge_soon(session):
    """Charge this stay's card once the present transaction is committed; returns at once."""
    asked = timezone.now()
    transaction.on_commit(lambda: TILLS.submit(_charge, session.pk, asked))


def _charge(pk, asked):
    now = timezone.now()
    if now - asked > WAITS:
        return  # all tills were busy for so long that the driver was shown the pay page
    try:
        charges.charge(ParkingSession.objects.get(pk=pk), now)
    except Exception:
        log.exception("stay %s was not charged by its card: the pay page takes over", pk)
    finally:
        connection.close()
