"""One of several processes that act at the same moment: `racer.py START ACT ARGUMENT...`.

Acts once for each argument, a tick apart, counted from START (seconds since 1970), so that racers meet.
Prints what came of it, one line each.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TICK = 0.05  # seconds
START_UP = 4.0  # seconds that a racer's Python needs before it can act


def race(act, *each):
    """Let one process for each list of arguments act at the same moments; what they printed."""
    from tests.gates.test_races import database_url

    start = str(time.time() + START_UP)
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "EMAIL_URL": "dummymail://",
        "PYTHONPATH": str(ROOT),
    }
    racers = [
        subprocess.Popen(
            [sys.executable, "tests/billing/racer.py", start, act, *map(str, ours)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for ours in each
    ]
    told = [racer.communicate(timeout=120) for racer in racers]
    assert [racer.returncode for racer in racers] == [0] * len(racers), told
    return [out.splitlines() for out, _ in told]


def main(start, act, *arguments):
    import django

    django.setup()
    do = ACTS[act]
    for number, one in enumerate(arguments):
        time.sleep(max(0, float(start) + number * TICK - time.time()))
        print(do(*one.split(":")))


def redeem(session, code):
    from django.utils import timezone

    from billing import validations
    from parking.models import ParkingSession

    try:
        validations.redeem(ParkingSession.objects.get(pk=session), code, timezone.now())
    except validations.NotGiven as why:
        return why
    return "given"


def validate(session, validator):
    from django.utils import timezone

    from billing import validations
    from billing.models import Validator
    from parking.models import ParkingSession

    session, validator = (
        ParkingSession.objects.get(pk=session),
        Validator.objects.get(pk=validator),
    )
    try:
        validations.validate(validator, session, now=timezone.now())
    except validations.NotGiven as why:
        return why
    return "given"


def charge(session):
    from django.utils import timezone

    from billing.autopay import charges
    from parking.models import ParkingSession

    tried = charges.charge(ParkingSession.objects.get(pk=session), timezone.now())
    return tried and tried.outcome


ACTS = {"redeem": redeem, "validate": validate, "charge": charge}

if __name__ == "__main__":
    main(*sys.argv[1:])
