"""One of several processes that ask at the same moment: `racer.py KEY START KIND ID...`.

Asks once for each id, a tick apart, counted from START (seconds since 1970), so that racers meet.
Prints one answer a line.
"""

import json
import sys
import time
import uuid

TICK = 0.03  # seconds


def main(key, start, kind, *ids):
    import django

    django.setup()
    from tests.gates.conftest import LaneBox

    box = LaneBox(None, key)
    for number, one in enumerate(ids):
        time.sleep(max(0, float(start) + number * TICK - time.time()))
        if kind == "plate":
            told = box.ask(one, passage=uuid.uuid4())
        elif kind == "passage":
            told = box.ask(f"P{number}", passage=one)
        else:
            told = box.tell("opened", passage=uuid.UUID(int=0), event=one)
        print(told.status_code, json.dumps(told.json()))


if __name__ == "__main__":
    main(*sys.argv[1:])
