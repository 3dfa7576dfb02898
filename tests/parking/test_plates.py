import pytest
from hypothesis import given
from hypothesis import strategies as st

from parking.rules.plates import LONGEST, NotAPlate, canonical, folded


@pytest.mark.parametrize(
    ("written", "plate"),
    [
        ("ab12 cde", "AB12CDE"),
        ("B-MW 123", "BMW123"),
        (" 1E5 ", "1E5"),
        ("NULL", "NULL"),
        ("00012345", "00012345"),
        ("АВ12СDЕ", "AB12CDE"),  # Cyrillic А, В, С and Е
        ("ＡＢ１２", "AB12"),  # full width
        ("Č 1", "C1"),
        ("A\u200bB\u202e1", "AB1"),  # zero width, right-to-left
    ],
)
def test_one_spelling(written, plate):
    assert canonical(written) == plate


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "A number plate has at least one letter or digit."),
        (" - ", "A number plate has at least one letter or digit."),
        ("A" * 200, "A number plate has at most 12 letters and digits."),
        ("<script>", "'<script>' is not a number plate: use the letters A-Z and digits only."),
        ("😀1", "'😀1' is not a number plate: use the letters A-Z and digits only."),
        ("京A12345", "'京A12345' is not a number plate: use the letters A-Z and digits only."),
        ("A\x00B", "'A\x00B' is not a number plate: use the letters A-Z and digits only."),
    ],
)
def test_what_is_no_plate_gets_a_sentence(written, sentence):
    with pytest.raises(NotAPlate) as refusal:
        canonical(written)
    assert str(refusal.value) == sentence


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_plate_or_refused(written):
    try:
        plate = canonical(written)
    except NotAPlate:
        return
    assert 1 <= len(plate) <= LONGEST
    assert all(c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" for c in plate)
    assert canonical(plate) == plate


def test_what_cameras_cannot_tell_apart_folds_to_one():
    assert folded("OIQ8") == folded("010B".replace("B", "8")) == "0108"
    assert folded("AB12CDE") != folded("AB12CDF")
