from datetime import UTC, datetime

import numpy as np
import pytest

from gates.cameras.drawing.plates import draw_plate
from gates.cameras.drawing.turns import AT_THE_LINE, Car
from gates.cameras.drawn import draw_scene
from gates.readers.paddle import MOST_CANDIDATES, Paddle
from parking.rules.plates import folded
from tests.gates.readers.pictures import placed, plate, street, words

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DRAWN = [
    ("LV63KHT", "GB"),
    ("MAG3224", "DE"),
    ("DN827LF", "FR"),
    ("RD954BP", "IT"),
    ("KW27XPE", "GB"),
    ("HHB4471", "DE"),
]


@pytest.mark.parametrize("letters", [24, 40, 80])
def test_a_plate_is_read_at_any_size(reader, letters):
    (read,) = reader.read(street((plate("AB12CDE", letters=letters), (640, 430), 0)))
    assert (read.plate, read.accepted) == ("AB12CDE", True)


@pytest.mark.parametrize("turned", [-12, -5, 5, 12])
@pytest.mark.parametrize("width", [110, 200, 420])
@pytest.mark.parametrize(("text", "country"), [DRAWN[0], DRAWN[1], DRAWN[3]])
def test_a_drawn_plate_is_read_when_it_is_tilted(reader, text, country, width, turned):
    read = reader.read(placed(draw_plate(text, country), width, turned))[0]
    assert read.plate == text


@pytest.mark.parametrize("light", ["day", "evening"])
@pytest.mark.parametrize(("text", "country"), DRAWN)
def test_a_car_at_the_line_is_read(reader, text, country, light):
    car = Car(text, NOON, plate=text, country=country, colour="#3b5d7d")
    read = reader.read(draw_scene(car, AT_THE_LINE, light=light, seed=3))[0]
    assert folded(read.plate) == folded(text)


@pytest.mark.parametrize("lines", [("ABC", "1234"), ("KA", "7731"), ("BR42", "XYZ")])
def test_two_lines_are_one_plate(reader, lines):
    read = reader.read(street((plate(*lines), (640, 430), 0)))[0]
    assert read.plate == "".join(lines)


def test_signs_slogans_and_the_cameras_clock_do_not_win(reader):
    scene = street(
        (words("BAKERY", 110), (640, 150), 0),
        (words("THE SUNSHINE STATE", 16), (640, 395), 0),
        (plate("KLM4827"), (640, 440), 0),
        (words("FRIENDLY MOTORS", 14), (640, 485), 0),
        (words("2026-11-21 12:00:03", 26), (200, 20), 0),
    )
    assert reader.read(scene)[0].plate == "KLM4827"


def test_the_larger_of_two_plates_is_the_main_one(reader):
    near, far = plate("NEA123R", letters=60), plate("FAR456X", letters=22)
    reads = reader.read(street((near, (500, 500), 0), (far, (1050, 300), 0)))
    assert [read.plate for read in reads] == ["NEA123R", "FAR456X"]


def test_the_box_holds_the_plate(reader):
    (read,) = reader.read(street((plate("AB12CDE"), (640, 430), 0)))
    x, y, width, height = read.box
    assert (x < 640 < x + width, y < 430 < y + height) == (True, True)
    assert width / height == pytest.approx(3.5, abs=1)


def test_candidates_are_probabilities(reader):
    small = placed(draw_plate("S0B8OG6", "GB"), 62, 4)
    for read in reader.read(small):
        shares = [candidate.probability for candidate in read.candidates]
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) <= 1.0001
        assert len(shares) <= MOST_CANDIDATES
        assert read.confidence == shares[0]


@pytest.mark.parametrize("grey", [0, 90, 255])
@pytest.mark.parametrize("size", [(1, 1), (2, 3000), (720, 1280)])
def test_a_picture_of_nothing_has_no_plate(reader, grey, size):
    assert reader.read(np.full((*size, 3), grey, np.uint8)) == []


def test_noise_is_never_accepted(reader):
    noise = np.random.default_rng(4).integers(0, 255, (480, 640, 3), dtype=np.uint8)
    assert [read for read in reader.read(noise) if read.accepted] == []


def test_the_engine_says_what_it_is(reader):
    assert reader.engine.startswith("PaddleOCR 3")


def test_each_character_has_its_alternatives_and_the_plate_its_quality(reader):
    read = reader.read(street((plate("CD34EFG"), (640, 430), 0)))[0]
    assert [place[0].plate for place in read.alternatives] == list(read.plate)
    assert all(0 < each.probability <= 1.001 for place in read.alternatives for each in place)
    assert 29 <= read.quality.height <= 70  # the letters are 29 pixels high, the plate 58
    assert read.quality.blur < 0.4 < read.quality.contrast


def test_the_general_letters_can_be_taken():
    general = Paddle(threads=1, letters="general")
    assert [read.plate for read in general.read(street((plate("CD34EFG"), (640, 430), 0)))] == [
        "CD34EFG"
    ]
    assert "general letters" in general.engine
    general.close()
