"""What autopay costs a lane: `python benchmarks/autopay.py [--cars N]`.

Starts gunicorn as `decide.py` does. Cars that owe stand at two exits at once, each car at both, which ask
as lanes do; half of the cars have autopay. Prints how long an answer takes without and with a card being
charged, how long until the arm may open, and how often each car was charged. Practice cards answer
at once: what a card company takes comes on top of the opening, and of no answer.
"""

import argparse
import statistics
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
from installation import each_database, environment, furnish, manage, server

STAYS = """
from datetime import timedelta
from django.utils import timezone
from billing.models import Agreement
from parking.models import CarPark, ParkingSession
park, now = CarPark.objects.get(), timezone.now()
for number in range({cars}):
    for kind in ("AUTO", "PAGE"):
        plate = kind + str(number)
        came = now - timedelta(hours=2)
        ParkingSession.objects.create(car_park=park, plate=plate, entered_at=came)
        if kind == "AUTO":
            Agreement.objects.create(car_park=park, plate=plate, email="a@example.org", most=5000,
                state="active", state_at=came, begun_at=came, provider="mock", customer="c",
                card_token="pays", last4="4242")
"""
CHARGES = """
from collections import Counter
from billing.models import Payment
found = Counter(Payment.objects.values_list("session__plate", flat=True))
print(len(found), max(found.values(), default=0))
"""
ASK_AGAIN = 0.05  # seconds; lanes wait one
PATIENT = 20  # seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cars", type=int, default=100, help="cars with autopay, and without")
    cars = parser.parse_args().cars
    for name, url, folder in each_database():
        variables = environment(url, folder)
        variables["EMAIL_URL"] = "dummymail://"
        keys = furnish(variables, ["out", "out"])
        manage(variables, "shell", "--verbosity=0", "--command", STAYS.format(cars=cars))
        with server(variables) as base:
            for kind in ("PAGE", "AUTO"):
                answers, opened = stand(base, keys, kind, cars)
                row(name, kind, answers, opened)
        charged, most = manage(variables, "shell", "--verbosity=0", "--command", CHARGES).split()
        print(f"{name:12}{charged} of {cars} cars charged, each {most} time at most", flush=True)


def row(name, kind, answers, opened):
    what = {"PAGE": "due, no autopay", "AUTO": "autopay"}[kind]
    centiles = statistics.quantiles(answers, n=100)
    until = f"; open after {statistics.median(opened):.0f} ms" if opened else ""
    print(
        f"{name:12}{what:16} answers p50 {centiles[49]:.1f} ms, p99 {centiles[98]:.1f} ms{until}",
        flush=True,
    )


def stand(base, keys, kind, cars):
    """The milliseconds of each answer, and until each car's arm might open at the first exit."""
    with ThreadPoolExecutor(len(keys)) as exits:
        told = list(exits.map(lambda key: at_exit(base, key, kind, cars), keys))
    return [one for answers, _ in told for one in answers], told[0][1]


def at_exit(base, key, kind, cars):
    answers, opened = [], []
    with httpx.Client(base_url=base, headers={"Authorization": f"Lane {key}"}) as lane:
        for number in range(cars):
            ask = {"passage": str(uuid.uuid4()), "plate": f"{kind}{number}", "confidence": 0.99}
            began = time.perf_counter()
            while time.perf_counter() - began < PATIENT:
                sent = time.perf_counter()
                ask["seen_at"] = datetime.now(UTC).isoformat()
                told = lane.post("/api/v1/lane/arrivals", json=ask).json()
                answers.append((time.perf_counter() - sent) * 1000)
                if told["reason"] != "charging":
                    break
                time.sleep(ASK_AGAIN)
            if told["decision"] == "open":
                opened.append((time.perf_counter() - began) * 1000)
    return answers, opened


if __name__ == "__main__":
    main()
