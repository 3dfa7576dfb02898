"""Whatever a camera or a folder holds: a clear error or no plate, never a crash, never growth."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gates.readers.apart import MALLOC
from tests.gates.readers.swallow import FRAMES, PLATE, TEN

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[3]
MOST_GROWTH = 50  # MB

NO_PLATE = ("black", "white", "noise", "one pixel", "a line down", "a line across", "very large")
ONE_PLATE = ("frozen", "grey", "see-through", "deep.png", "cmyk.jpg", "lying.jpg", "largest.jpg")
NOT_READ = {
    "deep": "a picture must be height x width x 3 of 8 bits",
    "nothing": "a picture must be height x width x 3 of 8 bits",
    "zero.jpg": "the file is empty",
    "half.jpg": "the picture is damaged",
    "page.jpg": "the file is not a picture of a known kind",
    "too large.png": "the picture has 5001 x 5000 pixels; at most 25 million are read",
}


@pytest.fixture(scope="module")
def swallowed(tmp_path_factory):
    """name -> what a reader in a process of its own said of everything bad, one after the other."""
    folder = tmp_path_factory.mktemp("bad")
    command = [sys.executable, "-m", "tests.gates.readers.swallow", str(folder)]
    environment = os.environ | MALLOC  # as a lane starts its reader
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {line["name"]: line for line in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("name", NO_PLATE)
def test_where_nothing_can_be_read_there_is_no_plate(swallowed, name):
    assert (swallowed[name]["plates"], swallowed[name]["error"]) == ([], None)


@pytest.mark.parametrize("name", ONE_PLATE)
def test_odd_pictures_are_read_all_the_same(swallowed, name):
    assert (swallowed[name]["plates"][:1], swallowed[name]["error"]) == ([PLATE], None)


@pytest.mark.parametrize("name", NOT_READ)
def test_what_cannot_be_read_says_why(swallowed, name):
    assert swallowed[name]["plates"] == []
    assert swallowed[name]["error"].startswith(NOT_READ[name])


@pytest.mark.parametrize("name", ["upside down", "seen in a mirror"])
def test_a_picture_the_wrong_way_round_is_never_acted_on(swallowed, name):
    assert (swallowed[name]["accepted"], swallowed[name]["error"]) == ([], None)


def test_of_ten_plates_none_is_invented(swallowed):
    plates = swallowed["ten plates"]["plates"]
    assert 1 <= len(plates) <= 10
    assert set(plates) <= set(TEN)


def test_every_bad_thing_was_given(swallowed):
    assert len(swallowed) == len(FRAMES) + 9


def test_nothing_of_it_makes_the_reader_grow(swallowed):
    assert {
        name: said["grown"] for name, said in swallowed.items() if said["grown"] > MOST_GROWTH
    } == {}
