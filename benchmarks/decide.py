"""How fast one web process answers arrivals: `python benchmarks/decide.py [--arrivals N] [--lanes N]`.

Starts gunicorn (one process, eight threads) on loopback with a fresh SQLite file, and again with the
PostgreSQL server that DATABASE_URL names, if it names one (a database of its own is made and dropped).
Lanes ask side by side, each over one connection: every second ask lets a vehicle in, the next lets
it out again. Beside it, as the floor, the same requests with a wrong key: parsed, refused, nothing
decided. Prints answers per second, the 50th and 99th percentile in milliseconds, and the ratio.
"""

import argparse
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx

ROOT = Path(__file__).resolve().parent.parent
PARK = """
from datetime import timedelta
from django.utils import timezone
from billing.models import Tariff
from parking.models import CarPark
park = CarPark.objects.create(slug="bench", name="Bench")
Tariff.objects.create(car_park=park, version=1, starts_at=timezone.now(), free=timedelta(minutes=15),
    step=timedelta(hours=1), step_price=100, day_cap=1000, leave_within=timedelta(minutes=15))
"""


def main():
    options = arguments()
    print(f"{'database':12}{'asks':8}{'answers/s':>11}{'p50 ms':>9}{'p99 ms':>9}{'to floor':>10}")
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", f"sqlite:///{folder}/bench.sqlite3", folder, options)
        given = os.environ.get("DATABASE_URL", "")
        if given.startswith("postgres"):
            with own_database(given) as url:
                measure("PostgreSQL", url, folder, options)
        else:
            print("PostgreSQL  left out: set DATABASE_URL=postgres://user@host:port/name")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--arrivals", type=int, default=3000, help="asks that are measured")
    parser.add_argument("--lanes", type=int, default=8, help="lanes that ask side by side")
    return parser.parse_args()


def measure(name, url, folder, options):
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "TICKETLESS_VAR": folder,
        "SECRET_KEY": "only for this benchmark",
    }
    keys = furnish(environment, options.lanes)
    with server(environment) as base:
        run(base, keys, options.arrivals // 5)  # warm-up
        floor = run(base, ["wrong"] * len(keys), options.arrivals)
        decided = run(base, keys, options.arrivals)
    row(name, "floor", floor, floor)
    row(name, "arrivals", decided, floor)


def row(name, what, result, floor):
    rate, times = result
    centiles = statistics.quantiles(times, n=100)
    ratio = f"{rate / floor[0]:9.2f}x"
    print(f"{name:12}{what:8}{rate:11.0f}{centiles[49]:9.1f}{centiles[98]:9.1f}{ratio}", flush=True)


def manage(environment, *words, **options):
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True, **options
    ).stdout.strip()


def furnish(environment, lanes):
    """A car park with an entry and an exit for each pair of lanes; their keys."""
    manage(environment, "migrate", "--verbosity=0")
    manage(environment, "shell", "--verbosity=0", "--command", PARK)
    return [
        manage(
            environment, "lane", "add", "bench", f"lane-{n}", "--direction", ("in", "out")[n % 2]
        )
        for n in range(lanes)
    ]


@contextlib.contextmanager
def own_database(url):
    """A database beside the given one, dropped in the end; yields its address."""
    import psycopg

    name = f"bench_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as database:
        database.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            database.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextlib.contextmanager
def server(environment):
    """gunicorn with one process on a free port of loopback; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{probe.getsockname()[1]}"
    words = [
        "-m",
        "gunicorn",
        "config.wsgi",
        "--threads",
        "8",
        "--bind",
        base.removeprefix("http://"),
    ]
    process = subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env={**environment, "BASE_URL": base},
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(base)
        yield base
    finally:
        process.terminate()
        process.wait(timeout=10)


def wait_for(base):
    for _ in range(200):
        with contextlib.suppress(httpx.TransportError):
            httpx.get(base + "/api/v1/lane/list")
            return
        time.sleep(0.05)
    raise SystemExit("The web server did not start within 10 s.")


def run(base, keys, arrivals):
    """Answers per second, and each answer's milliseconds."""
    started = time.perf_counter()
    with ThreadPoolExecutor(len(keys)) as lanes:
        each = list(
            lanes.map(
                lambda n: lane(base, keys[n], n // 2, arrivals // len(keys)), range(len(keys))
            )
        )
    times = [time for one in each for time in one]
    return len(times) / (time.perf_counter() - started), times


def lane(base, key, pair, asks):
    """Ask for the pair's own plates, one after the other; milliseconds of each answer."""
    times = []
    with httpx.Client(base_url=base, headers={"Authorization": f"Lane {key}"}) as line:
        for number in range(asks):
            body = {
                "passage": str(uuid.uuid4()),
                "seen_at": datetime.now(UTC).isoformat(),
                "plate": f"B{pair}X{number}",
                "confidence": 0.97,
            }
            began = time.perf_counter()
            line.post("/api/v1/lane/arrivals", json=body)
            times.append((time.perf_counter() - began) * 1000)
    return times


if __name__ == "__main__":
    main()
