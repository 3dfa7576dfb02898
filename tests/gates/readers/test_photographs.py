from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gates.readers.photographs import NotAPhotograph, found_in, opened
from tests.gates.readers.pictures import plate, street

RGB = Image.fromarray(street((plate("AB12CDE"), (640, 430), 0))[:, :, ::-1].copy())


def saved(folder, name, picture, **options):
    picture.save(folder / name, **options)
    return folder / name


def test_a_photograph_is_upright_bgr(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the camera on its side
    lying = Image.new("RGB", (60, 40), (200, 30, 10))
    image = opened(saved(tmp_path, "lying.png", lying, exif=exif))
    assert image.shape == (60, 40, 3)
    assert image[0, 0].tolist() == [10, 30, 200]


def deep(folder):
    grey = np.asarray(RGB.convert("L")).astype(np.uint16) * 16  # 12 of 16 bits, as cameras do
    return saved(folder, "deep.png", Image.fromarray(grey))


@pytest.mark.parametrize(
    "make",
    [
        deep,
        lambda folder: saved(folder, "cmyk.jpg", RGB.convert("CMYK")),
        lambda folder: saved(folder, "grey.jpg", RGB.convert("L")),
        lambda folder: saved(folder, "palette.gif", RGB.convert("P")),
        lambda folder: saved(folder, "clear.png", RGB.convert("RGBA")),
    ],
)
def test_every_kind_of_picture_is_read(reader, tmp_path, make):
    assert reader.read(opened(make(tmp_path)))[0].plate == "AB12CDE"


def broken(folder, keep):
    whole = saved(folder, "whole.jpg", RGB).read_bytes()
    (folder / "broken.jpg").write_bytes(whole[: round(len(whole) * keep)])
    return folder / "broken.jpg"


def page(folder):
    (folder / "page.jpg").write_text("<html>not found</html>")
    return folder / "page.jpg"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda folder: broken(folder, 0), "empty"),
        (page, "not a picture of a known kind"),
        (lambda folder: broken(folder, 0.0005), "damaged"),
        (lambda folder: broken(folder, 0.5), "damaged"),
        (lambda folder: saved(folder, "huge.png", Image.new("1", (5001, 5000))), "25 million"),
        (lambda folder: saved(folder, "bomb.png", Image.new("1", (20000, 20000))), "25 million"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path, make, says):
    with pytest.raises(NotAPhotograph, match=says):
        opened(make(tmp_path))


def test_folders_give_their_photographs_by_name(tmp_path):
    for name in ("b.jpg", "a.PNG", "notes.txt", "c.mp4"):
        (tmp_path / name).write_text("")
    assert [path.name for path in found_in([tmp_path])] == ["a.PNG", "b.jpg", "c.mp4"]
    assert found_in([tmp_path / "notes.txt"]) == [tmp_path / "notes.txt"]
    with pytest.raises(FileNotFoundError, match="no file or folder nowhere"):
        found_in([Path("nowhere")])
