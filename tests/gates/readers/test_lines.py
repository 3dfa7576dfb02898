import json

import cv2
import pytest

from gates.readers import Candidate, Read
from gates.readers.lines import lines
from gates.readers.quality import Quality
from tests.gates.readers.films import Colours, clock, drive, film, road


class Told:
    """A reader that says all that a read may hold."""

    engine = "told"

    def read(self, image):
        unsure = (Candidate("A", 0.98765), Candidate("4", 0.01))
        quality = Quality(blur=0.12345, contrast=0.7, clipping=0.0, height=21)
        read = Read(
            "A",
            0.98765,
            True,
            (1, 2, 30, 10),
            unsure,
            "GB",
            alternatives=(unsure,),
            quality=quality,
        )
        return [read]


def test_a_photograph_has_all_that_a_read_holds(tmp_path):
    cv2.imwrite(str(tmp_path / "a.png"), road())
    (line,) = lines(tmp_path / "a.png", Told())
    assert json.loads(json.dumps(line["reads"])) == [
        {
            "plate": "A",
            "confidence": 0.9877,
            "accepted": True,
            "box": [1, 2, 30, 10],
            "candidates": [
                {"plate": "A", "probability": 0.9877},
                {"plate": "4", "probability": 0.01},
            ],
            "alternatives": [
                [
                    {"character": "A", "probability": 0.9877},
                    {"character": "4", "probability": 0.01},
                ]
            ],
            "country": "GB",
            "quality": {"blur": 0.1235, "contrast": 0.7, "clipping": 0.0, "height": 21},
        }
    ]


@pytest.mark.parametrize(
    ("home", "plate", "country"), [((), "NY13834", None), (("BR",), "NYI3834", "BR")]
)
def test_a_videos_plates_are_spelled_as_the_sites_countries_do(tmp_path, home, plate, country):
    path = film(tmp_path / "a.avi", 6, drive("NY13834", 1))
    (line,) = lines(path, Colours(), home=home)
    (read,) = line["reads"]
    assert (read["plate"], read["country"]) == (plate, country)


def test_a_video_has_a_line_for_each_vehicle_that_passed(tmp_path):
    path = film(tmp_path / "a.avi", 10, drive("AB12CDE", 1), drive(None, 6))
    first, second = lines(path, Colours())
    assert (first["vehicle"], second["vehicle"]) == (1, 2)
    assert (first["reads"][0]["plate"], first["reads"][0]["quality"]) == ("AB12CDE", None)
    assert second["reads"] == []
    assert first["from"] < first["to"] < second["from"] < second["to"]


def test_a_video_without_vehicles_has_no_lines(tmp_path):
    assert list(lines(film(tmp_path / "a.avi", 2, clock), Colours())) == []


def test_a_file_that_is_no_video_has_one_line_that_says_so(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"")
    assert list(lines(tmp_path / "a.mp4", Colours())) == [
        {"file": str(tmp_path / "a.mp4"), "reads": [], "error": "the file is empty"}
    ]
