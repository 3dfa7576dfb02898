"""How fast one web process answers arrivals: `python benchmarks/decide.py [--arrivals N] [--lanes N]`.

Starts gunicorn (one process, eight threads) on loopback with a fresh SQLite file, and again with the
PostgreSQL server that DATABASE_URL names, if it names one (a database of its own is made and dropped).
Lanes ask side by side, each over one connection: every second ask lets a vehicle in, the next lets
it out again. Beside it, as the floor, the same requests with a wrong key: parsed, refused, nothing
decided. Prints answers per second, the 50th and 99th percentile in milliseconds, and the ratio.
"""

import argparse
import statistics
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
from installation import each_database, environment, furnish, server


def main():
    options = arguments()
    print(f"{'database':12}{'asks':8}{'answers/s':>11}{'p50 ms':>9}{'p99 ms':>9}{'to floor':>10}")
    for name, url, folder in each_database():
        measure(name, url, folder, options)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--arrivals", type=int, default=3000, help="asks that are measured")
    parser.add_argument("--lanes", type=int, default=8, help="lanes that ask side by side")
    return parser.parse_args()


def measure(name, url, folder, options):
    variables = environment(url, folder)
    keys = furnish(variables, [("in", "out")[number % 2] for number in range(options.lanes)])
    with server(variables) as base:
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
