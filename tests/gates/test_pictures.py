"""Evidence pictures: JPEG only, refused from the header, kept once, stripped."""

import io
import struct
import uuid
from pathlib import Path

import pytest
from PIL import Image

from gates.models import Picture


def jpeg(size=(60, 20), colour=(200, 200, 20), **options):
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, "JPEG", **options)
    return stream.getvalue()


def claiming(width, height):
    """A JPEG whose header claims another size: frame header SOF0 holds height and width."""
    body = bytearray(jpeg())
    at = body.index(b"\xff\xc0")
    body[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(body)


@pytest.fixture
def car(entry, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    car = uuid.uuid4()
    entry.ask(passage=car)
    return car


def files(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


def test_a_picture_is_kept_once_however_often_it_comes(entry, car, tmp_path):
    answers = [entry.send_picture(car, "plate", jpeg()) for _ in range(3)]
    assert {told.status_code for told in answers} == {200}
    assert len({told.content for told in answers}) == 1
    kept = Picture.objects.get()
    assert (kept.kind, kept.width, kept.height) == ("plate", 60, 20)
    assert files(tmp_path) == [tmp_path / kept.file]


def test_another_picture_of_the_kind_does_not_replace_the_first(entry, car):
    entry.send_picture(car, "plate", jpeg())
    told = entry.send_picture(car, "plate", jpeg(colour=(0, 0, 0)))
    assert told.status_code == 409
    assert entry.send_picture(car, "scene", jpeg()).status_code == 200


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "This is not a JPEG: send the picture as image/jpeg."),
        (b"<svg onload=alert(1)>", "This is not a JPEG: send the picture as image/jpeg."),
        (b"\x89PNG\r\n\x1a\n", "This is not a JPEG: send the picture as image/jpeg."),
        (claiming(50_000, 50_000), "This picture has too many pixels: send at most 25 million."),
        (claiming(6_000, 6_000), "This picture has too many pixels: send at most 25 million."),
        (claiming(65_535, 65_535), "This picture has too many pixels: send at most 25 million."),
    ],
)
def test_what_is_no_picture_is_refused(entry, car, tmp_path, body, sentence):
    told = entry.send_picture(car, "plate", body)
    assert told.status_code == 400
    assert told.json() == {"error": sentence}
    assert files(tmp_path) == []


def test_a_torn_picture_is_refused(entry, car, tmp_path):
    told = entry.send_picture(car, "plate", jpeg((800, 600))[:900])
    assert told.status_code == 400
    assert told.json()["error"].startswith("This JPEG cannot be read")
    assert files(tmp_path) == []


def test_too_many_bytes_are_refused(entry, car):
    told = entry.send_picture(car, "plate", b"\xff\xd8\xff" + b"0" * 9_000_000)
    assert told.status_code == 413
    assert told.json() == {"error": "Send at most 8 MB."}


def test_where_it_was_taken_is_not_kept(entry, car, tmp_path):
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (51.0, 30.0, 0.0)}
    exif[0x0112] = 6  # turned by a quarter
    entry.send_picture(car, "scene", jpeg((40, 20), exif=exif))
    with Image.open(tmp_path / Picture.objects.get().file) as kept:
        assert dict(kept.getexif()) == {}
        assert kept.size == (20, 40)


def test_a_picture_of_an_unknown_passage_or_kind(entry, second_entry, car):
    assert entry.send_picture(uuid.uuid4(), "plate", jpeg()).status_code == 404
    assert entry.send_picture(car, "driver", jpeg()).status_code == 404
    assert second_entry.send_picture(car, "plate", jpeg()).status_code == 404


def test_a_broken_header_gets_a_sentence_for_a_person(entry, car):
    told = entry.send_picture(car, "plate", b"\xff\xd8\xff")
    assert told.status_code == 400
    assert told.json() == {"error": "This JPEG's header cannot be read: send it again whole."}
