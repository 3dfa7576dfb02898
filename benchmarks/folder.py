"""A lane over a folder of photographs: `python benchmarks/folder.py FOLDER`.

FOLDER holds photographs and a truth.csv with the columns file and plate. A lane worker with the
`folder` camera, the `paddle` reader and a mock barrier shows each photograph as one vehicle to a real
server. Printed: how many stays were opened, and how many carry the plate of their photograph
(exactly, and with O as 0 and I as 1).
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from installation import ROOT, environment, furnish, manage, server

from parking.rules.plates import canonical, folded

LANE = """
name = "lane-0"
direction = "in"
server = "{base}"
key_env = "TICKETLESS_LANE_KEY"
state = "{state}"
[camera]
driver = "folder"
path = "{photographs}"
seconds_each = {seconds}
gap = 1.0
[reader]
driver = "paddle"
[trigger]
driver = "motion"
[barrier]
driver = "mock"
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--seconds", type=float, default=4.0, help="each photograph is shown so long"
    )
    options = parser.parse_args()
    with (options.folder / "truth.csv").open(newline="") as file:
        truth = [canonical(row["plate"]) for row in csv.DictReader(file)]
    with tempfile.TemporaryDirectory() as place:
        report(truth, drive_by(options, len(truth), place))


def drive_by(options, vehicles, place):
    """Show every photograph to a lane; the stays that the server has afterwards, as it prints them."""
    variables = environment(f"sqlite:///{place}/bench.sqlite3", place)
    (key,) = furnish(variables, ["in"])
    with server(variables) as base:
        file = Path(place) / "lane.toml"
        file.write_text(
            LANE.format(
                base=base,
                state=f"{place}/lane",
                photographs=options.folder.resolve(),
                seconds=options.seconds,
            )
        )
        lane = subprocess.Popen(
            [sys.executable, "-m", "gates.lane", str(file)],
            cwd=ROOT,
            env={**os.environ, "TICKETLESS_LANE_KEY": key},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            print(lane.stdout.readline().strip(), flush=True)
            time.sleep((options.seconds + 1.0) * vehicles + 10)
        finally:
            lane.terminate()
            lane.wait(timeout=20)
        return [json.loads(line) for line in manage(variables, "sessions", "--json").splitlines()]


def report(truth, stays):
    plates = [stay["plate"] for stay in stays]
    exact = sum(plate in plates for plate in truth)
    alike = sum(folded(plate) in set(map(folded, plates)) for plate in truth)
    print(f"photographs {len(truth)}, stays {len(stays)}, exact {exact}, folded {alike}")
    print(
        "missed:", ", ".join(p for p in truth if folded(p) not in set(map(folded, plates))) or "-"
    )


if __name__ == "__main__":
    main()
