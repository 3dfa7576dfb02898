"""Drawn vehicles at a lane: `python benchmarks/passages.py [--vehicles N] [--latency N] [--hours H]`.

--vehicles N  N passages under all conditions of `scenes.py`: how many are right by vote, as the lane
              votes (it stops reading when the verdict is firm); by condition
--latency N   N vehicles before a real lane worker with a camera of 10 frames a second: the time from
              the first readable frame to the verdict
--hours H     reading without a pause for so long: resident sizes, recycled processes, what was missed;
              a line a minute
--look FOLDER writes each vehicle that was not read right (with --vehicles) as a picture

The reader is made as a lane makes it, in a process of its own.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing, contextmanager
from pathlib import Path

import cv2
from installation import ROOT
from rich.console import Console
from rich.progress import track

from benchmarks.figures import Answer, percentile, resident, score
from benchmarks.lanes import lane_file, latencies
from benchmarks.scenes import CONDITIONS, Studio, passage
from gates.lane.config import read_lane_file
from gates.lane.vehicle import Vehicle

MINUTE = 60.0


def main():
    options = arguments()
    # What is kept in folders relative to the project (such as prepared weights) is found again.
    os.chdir(ROOT)
    if options.vehicles:
        votes(options)
    if options.latency:
        latency(options)
    if options.hours:
        hours(options)


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--vehicles", type=int, metavar="N")
    parser.add_argument("--latency", type=int, metavar="N")
    parser.add_argument("--hours", type=float, metavar="H")
    parser.add_argument("--condition", choices=CONDITIONS, help="only this one, with --vehicles")
    parser.add_argument("--look", type=Path, metavar="FOLDER")
    parser.add_argument("--seed", type=int, default=0, help="another seed draws other vehicles")
    parser.add_argument("--threads", type=int, default=1, help="cores that the reader may use")
    options = parser.parse_args()
    if not (options.vehicles or options.latency or options.hours):
        parser.error("say what to measure: --vehicles 500, --latency 60 or --hours 1")
    return options


@contextmanager
def lanes_reader(threads):
    """The reader that a lane file with `driver = "paddle"` starts."""
    with tempfile.TemporaryDirectory() as folder:
        reader = read_lane_file(lane_file(folder, threads=threads)).reader.start()
    with closing(reader):
        yield reader


def served(reader, frames, seen_at, times=None):
    """The `Vehicle` that a lane makes of frames: it reads on until the verdict is firm."""
    vehicle = Vehicle(1, seen_at, 0.0)
    for frame in frames:
        began = time.perf_counter()
        reads = reader.read(frame)
        if times is not None:
            times.append(1000 * (time.perf_counter() - began))
        vehicle.add(frame, reads)
        if vehicle.accepted and vehicle.verdict.firm:
            break
    return vehicle


def answered(passage, vehicle):
    verdict = vehicle.verdict
    if verdict is None:
        return Answer(passage.car.plate, "")
    return Answer(passage.car.plate, verdict.plate, verdict.confidence, verdict.accepted)


# --vehicles


def votes(options):
    studio, times, answers = Studio(), [], []
    conditions = (options.condition,) if options.condition else tuple(CONDITIONS)
    with lanes_reader(options.threads) as reader:
        for number in shown(range(options.vehicles), "Vehicles"):
            one = passage(number, options.seed, conditions)
            vehicle = served(reader, studio.frames(one), one.car.comes_at, times)
            answers.append((one, answered(one, vehicle)))
    print(
        f"{options.vehicles} vehicles, {len(times)} frames read, median "
        f"{statistics.median(times):.1f} ms, 95th percentile {percentile(times, 0.95):.1f} ms\n"
    )
    print_conditions(answers, conditions)
    print_wrong(answers)
    if options.look:
        write_wrong(answers, studio, options.look)


def print_conditions(answers, conditions):
    print(f"{'condition':14}{'vehicles':>9}{'right':>9}{'accepted':>10}{'wrong of it':>13}")
    for condition in (*conditions, None) if len(conditions) > 1 else conditions:
        of_it = [a for one, a in answers if condition in (None, one.condition)]
        if of_it:
            found = score(of_it)
            shares = f"{100 * found.folded:7.1f} %{100 * found.accepted:8.1f} %"
            wrong = f"{100 * found.accepted_wrong:11.2f} %"
            print(f"{condition or 'all':14}{found.count:9}{shares}{wrong}")


def print_wrong(answers):
    for one, answer in answers:
        if not answer.folded:
            sure = "" if answer.confidence is None else f" {answer.confidence:.2f}"
            word = "accepted" if answer.accepted else "doubtful"
            said = f"{answer.plate}{sure}, {word}" if answer.plate else "nothing"
            print(
                f"  vehicle {one.number}, {one.condition}, {one.car.country}: {answer.truth} "
                f"was read as {said}"
            )


def write_wrong(answers, studio, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for one, answer in answers:
        if not answer.folded:
            *_, last = studio.frames(one)
            cv2.imwrite(str(folder / f"{one.number}-{one.car.plate}.png"), last)


# --latency


def latency(options):
    if (os.cpu_count() or 1) < 2:
        print("This machine has one core only: camera and reader share it.")
    with tempfile.TemporaryDirectory() as folder:
        seen = latencies(folder, options.latency, options.seed, options.threads)
    right = [each for each in seen if each.right]
    print(
        f"{len(seen)} vehicles, {len(right)} with a firm and right verdict, "
        f"{sum(each.wrong for each in seen)} wrong, {sum(not each.plate for each in seen)} missed"
    )
    for number, each in enumerate(seen):
        if not each.right:
            print(f"  vehicle {number}: {each.truth} was {each.plate or 'not read in time'}")
    for what, times in {
        "after the first readable frame": [each.after_readable for each in right],
        "after the vehicle came in sight": [each.after_sight for each in right],
    }.items():
        if times:
            print(
                f"{what:34} median {1000 * statistics.median(times):6.0f} ms, "
                f"95th percentile {1000 * percentile(times, 0.95):6.0f} ms"
            )


# --hours


def hours(options):
    """Vehicle after vehicle, as fast as they can be read; between two the lane is empty."""
    studio, count, number = Studio(), Counter(), 0
    with lanes_reader(options.threads) as reader:
        serve_one(reader, studio, passage(0, options.seed + 1), Counter())  # all is loaded and warm
        began = told = time.monotonic()
        first = sizes(reader)
        print(
            f"{'minute':>7}{'reads':>9}{'vehicles':>10}{'wrong':>7}{'missed':>8}{'recycled':>10}"
            f"{'reader MB':>11}{'here MB':>9}"
        )
        while (now := time.monotonic()) - began < 3600 * options.hours:
            serve_one(reader, studio, passage(number, options.seed), count)
            number += 1
            if now - told >= MINUTE:
                told = now
                minute_line((now - began) / MINUTE, count, reader, sizes(reader))
        last = sizes(reader)
        minute_line((time.monotonic() - began) / MINUTE, count, reader, last)
        recycled = getattr(reader, "recycled", 0)
    print(
        f"\nreader {first[0]:.0f} MB at the start, {last[0]:.0f} MB at the end, recycled {recycled} "
        f"times; {count['missed']} of {count['vehicles']} vehicles missed"
    )


def serve_one(reader, studio, passage, count):
    """Every frame is read, firm verdict or not: that is what wears a reader."""
    vehicle = Vehicle(1, passage.car.comes_at, 0.0)
    for frame in studio.frames(passage):
        try:
            vehicle.add(frame, reader.read(frame))
        except RuntimeError as fault:  # a frame lost is no vehicle lost
            count["lost frames"] += 1
            print(f"a frame was lost: {fault}", flush=True)
        count["reads"] += 1
    getattr(reader, "rest", lambda: None)()
    answer = answered(passage, vehicle)
    count["vehicles"] += 1
    count["missed"] += not answer.plate
    count["wrong"] += bool(answer.plate) and not answer.folded


def sizes(reader):
    """Resident MB of the reader's process, and of this one, which draws."""
    return getattr(reader, "megabytes", 0) or resident(), resident()


def minute_line(minute, count, reader, size):
    print(
        f"{minute:7.1f}{count['reads']:9}{count['vehicles']:10}{count['wrong']:7}{count['missed']:8}"
        f"{getattr(reader, 'recycled', 0):10}{size[0]:11.0f}{size[1]:9.0f}",
        flush=True,
    )


def shown(things, what):
    """With a bar on a terminal's standard error."""
    quiet = not sys.stderr.isatty()
    return track(things, what, console=Console(stderr=True), transient=True, disable=quiet)


if __name__ == "__main__":
    main()
