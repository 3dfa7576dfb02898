"""Guessing who is inside: `python benchmarks/guesses.py [--guesses N] [--inside N] [--seed S]`.

Somebody who knows how plates are made up (which districts and years are common here) types guesses at the
pay page of a real web server: whole plates, whole plates in their order, plates without their last
character, their ends, their beginnings. First from one address, then the same number from a thousand.
Printed: how many guesses were answered at all, and how many cars inside the answers told of.

Before that, without a server or any limit: how often one guess of each kind fits a car that is inside, by
the rule of `parking/rules/typed.py` and by laxer ones that it might have been. And after it:
honest drivers behind one address of a phone network, one in thirty with a slip of a finger; and how
long an answer takes for a plate that is inside, nearly one, and none.
"""

import argparse
import json
import random
import re
import statistics
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
from installation import each_database, environment, furnish, manage, server

from parking.rules.neighbours import blurred
from parking.rules.typed import could_mean

DISTRICTS = ["AB", "AE", "KL", "KM", "KN", "LB", "LD", "LK", "YA", "YB"]
YEARS = [f"{year:02}" for year in [*range(11, 27), *range(61, 76)]]
LETTERS = "ABCDEFGHJKLMNOPRSTUVWXY"
MANY = 1000  # addresses
AT_ONCE = 4

INSIDE = """
import json, random
from datetime import timedelta
from django.utils import timezone
from billing.models import PlateTry
from parking.models import CarPark, ParkingSession
park, now = CarPark.objects.get(), timezone.now()
PlateTry.objects.all().delete()
if not park.sessions.exists():
    ParkingSession.objects.bulk_create(
        ParkingSession(car_park=park, plate=plate, entered_at=now - timedelta(minutes=20 + n % 300))
        for n, plate in enumerate(json.loads({plates!r}))
    )
"""


def made_up(chance):
    """A plate as many cars here have one: British, of a common district and year."""
    end = "".join(chance.choice(LETTERS) for _ in range(3))
    return chance.choice(DISTRICTS) + chance.choice(YEARS) + end


def in_order(number):
    """The whole plates of one district and year, one after the other."""
    size = len(LETTERS)
    places = number // size**2 % size, number // size % size, number % size
    return "KL23" + "".join(LETTERS[place] for place in places)


# How a guess is made from chance and its number.
GUESSES = {
    "whole plates": lambda chance, number: made_up(chance),
    "whole plates in order": lambda chance, number: in_order(number),
    "all but the last character": lambda chance, number: made_up(chance)[:-1],
    "ends of five": lambda chance, number: made_up(chance)[2:],
    "beginnings of five": lambda chance, number: made_up(chance)[:5],
}
LAXER = {
    "ends of four, any car that ends so": (lambda plate: plate[3:], str.endswith),
    "ends of three, any car that ends so": (lambda plate: plate[4:], str.endswith),
    "beginnings of five, any car that begins so": (lambda plate: plate[:5], str.startswith),
    "beginnings of four, any car that begins so": (lambda plate: plate[:4], str.startswith),
}


def main():
    options = arguments()
    chance = random.Random(options.seed)
    inside = sorted({made_up(chance) for _ in range(options.inside)})
    print(f"{len(inside)} cars inside; {options.guesses} guesses")
    chances(inside, options)
    for name, url, folder in each_database():
        print(f"\n{name}")
        variables = {**environment(url, folder), "BEHIND_PROXY": "true"}
        furnish(variables, [])
        for addresses in (1, MANY):
            measure(variables, inside, options, addresses)
        honest(variables, inside, options)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--guesses", type=int, default=10_000)
    parser.add_argument("--inside", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def chances(inside, options):
    """How often a guess fits a car that is inside, were every guess answered."""
    chance, texts = random.Random(options.seed + 1), [blurred(plate) for plate in inside]
    print("\nwithout limits, of 10,000 guesses so many fit a car inside:")
    for name, guess in GUESSES.items():
        typed = [blurred(guess(chance, number)) for number in range(10_000)]
        print(f"  {sum(any(could_mean(one, text) for text in texts) for one in typed):6}  {name}")
    print("and by laxer rules:")
    for name, (part, matches) in LAXER.items():
        typed = [blurred(part(made_up(chance))) for _ in range(10_000)]
        found = Counter(typed)
        hits = sum(n for one, n in found.items() if any(matches(text, one) for text in texts))
        print(f"  {hits:6}  {name}")


def begin(variables, inside):
    """The cars are inside, and nobody has guessed yet."""
    command = INSIDE.format(plates=json.dumps(inside))
    manage(variables, "shell", "--verbosity=0", "--command", command)


def measure(variables, inside, options, addresses):
    begin(variables, inside)
    chance, kinds = random.Random(options.seed + 2), list(GUESSES)
    guesses = []
    for number in range(options.guesses):
        kind = kinds[number % len(kinds)]
        address = f"198.{18 + number % addresses // 250}.0.{number % addresses % 250 + 1}"
        guesses.append((kind, GUESSES[kind](chance, number), address))
    began = time.perf_counter()
    with server(variables) as base, ThreadPoolExecutor(AT_ONCE) as phones:
        told = list(phones.map(lambda one: type_in(base, one[1], one[2]), guesses))
    whole = {kind: [] for kind in kinds}
    for (kind, typed, _), (status, plates) in zip(guesses, told, strict=True):
        whole[kind].append((status, typed, plates))
    spent = time.perf_counter() - began
    print(f"\n  from {addresses} address{'es' if addresses > 1 else ''}, {spent:.0f} s")
    for kind, rows in whole.items():
        answered = sum(status == 200 for status, _, _ in rows)
        learnt = {plate for _, _, plates in rows for plate in plates}
        print(f"  {len(rows):6} {kind}: {answered} answered, {len(learnt)} cars told of")
    answered = sum(status == 200 for status, _ in told)
    learnt = {plate for _, plates in told for plate in plates}
    print(f"  {len(told):6} in all: {answered} answered, {len(learnt)} cars told of")


TOKEN = {}


def type_in(base, plate, address):
    """Type this at the pay page; the last status, and the plates that the answer shows."""
    page, token = _line(base)
    headers = {"X-Forwarded-For": address, "Cookie": f"csrftoken={token}"}
    form = {"plate": plate, "csrfmiddlewaretoken": token}
    told = page.post("/pay/bench/", data=form, headers=headers)
    if told.status_code != 302:
        return told.status_code, []
    seen = page.get(told.headers["location"], headers=headers)
    return seen.status_code, re.findall(r'class="letters">([A-Z0-9]+)<', seen.text)


def _line(base):
    """An open line to the server and its form's token, one for all guesses."""
    if base not in TOKEN:
        client = httpx.Client(base_url=base, timeout=60)
        TOKEN[base] = client, client.get("/pay/bench/").cookies["csrftoken"]
    return TOKEN[base]


def honest(variables, inside, options):
    """Two hundred drivers behind one address, one in thirty with a slip; then how long answers take."""
    begin(variables, inside)
    chance = random.Random(options.seed + 3)
    drivers = [(plate, n % 30 == 7) for n, plate in enumerate(chance.sample(inside, 200))]
    with server(variables) as base:
        found = [slip_or_not(base, plate, slips) for plate, slips in drivers]
        print(f"\n  honest drivers behind one address: {sum(found)} of {len(found)} saw their car")
    begin(variables, inside)
    with server(variables) as base:
        kinds = {"inside": inside[0], "nearly": inside[0][:-1] + "Z", "none": "QQ99QQQ"}
        times = {kind: [] for kind in kinds}
        for number in range(50):
            for kind, plate in kinds.items():
                start = time.perf_counter()
                type_in(base, plate, f"203.0.113.{number + 1}")
                times[kind].append(time.perf_counter() - start)
        told = ", ".join(
            f"{kind} {1000 * statistics.median(ones):.0f} ms" for kind, ones in times.items()
        )
        print(f"  an answer takes (median, both pages): {told}")


def slip_or_not(base, plate, slips):
    typed = plate[:-1] + "Z" if slips else plate
    _, shown = type_in(base, typed, "198.51.100.7")
    return plate in shown


if __name__ == "__main__":
    main()
