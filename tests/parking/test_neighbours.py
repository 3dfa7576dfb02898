import pytest
from hypothesis import given
from hypothesis import strategies as st

from parking.rules.confusions import ALPHABET
from parking.rules.neighbours import blurred, keys_of, near, sought

texts = st.text("A0B1", min_size=1, max_size=12)  # few characters, so that parts often repeat


def edited(text):
    """All texts one edit from this one."""
    for at in range(len(text) + 1):
        for character in "A0B1X":
            yield text[:at] + character + text[at:]
            if at < len(text):
                yield text[:at] + character + text[at + 1 :]
        if at < len(text) > 1:
            yield text[:at] + text[at + 1 :]


def shares_a_part(text, other):
    kept = keys_of(other)
    return any(
        kept.front == key.front or kept.ends == key.ends or kept.back == key.back
        for key in sought(text)
    )


@given(texts)
def test_all_neighbours_share_a_part(text):
    assert shares_a_part(text, text)
    for other in edited(text):
        assert shares_a_part(text, other)
        assert shares_a_part(other, text)


def steps(one, other):
    """How many edits two texts are apart, by the definition."""
    if not one or not other:
        return len(one) + len(other)
    return min(
        steps(one[1:], other) + 1,
        steps(one, other[1:]) + 1,
        steps(one[1:], other[1:]) + (one[0] != other[0]),
    )


@given(st.text("AB", max_size=5), st.text("AB", max_size=5))
def test_near_is_one_edit_or_none(one, other):
    assert near(one, other) is (steps(one, other) <= 1)


@given(texts)
def test_each_edit_is_near(text):
    assert all(near(text, other) and near(other, text) for other in edited(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [("O", "0"), ("Q", "D"), ("I", "L"), ("B", "8"), ("S", "5"), ("Z", "2"), ("G", "6")],
)
def test_what_cameras_confuse_is_one_when_sought(one, other):
    assert blurred(one) == blurred(other)


def test_all_else_stays_apart():
    assert len({blurred(character) for character in ALPHABET}) == 36 - 9


def test_a_plate_with_two_parts_wrong_is_not_sought():
    assert not near("AB12CDE", "XB12CDX")
    assert not shares_a_part("AB12CDE", "XB1XCDX")
