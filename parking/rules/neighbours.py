"""Plates one edit apart, found by equal keys: no list of all open stays is ever looked through.

Characters that cameras confuse are one (`blurred`). Of a text that is cut in three, one edit (a
character changed, lost or added) touches one part, so the other two stand in the neighbour too:

    AB|12C|DE     front AB12C     the end is hit
                  ends  AB + DE   the middle is hit
                  back  12CDE     the beginning is hit

A stay has these three keys, and the database keeps them (`parking.models.plates`). Whoever looks for the
neighbours of a text looks for the keys that they would have: nine, as a neighbour may be a character
shorter or longer. What a key finds may still be another plate, so `near` has the last word.
"""

from dataclasses import dataclass

# What no single picture tells apart for certain, drawn together: coarser than `plates.FOLD`, and only
# for finding. D is near 0 and O; L near I and 1.
BLUR = str.maketrans("OQDILBSZG", "000118526")


@dataclass(frozen=True)
class Keys:
    front: str
    ends: str
    back: str


def blurred(plate):
    """The plate with all characters that cameras confuse as one digit each."""
    return plate.translate(BLUR)


def cuts(length):
    """How many characters the beginning and the end of a text of so many have; the database does
    the same sum."""
    return (length + 1) // 3, length // 3


def keys_of(text):
    """The three keys under which a blurred text is kept."""
    return _keys(text, len(text))


def sought(text):
    """The `Keys` that blurred texts one edit from this one, or equal to it, may have."""
    lengths = range(max(1, len(text) - 1), len(text) + 2)
    return [_keys(text, length) for length in lengths]


def _keys(text, length):
    """The keys of a neighbour of `text` that has `length` characters, each if its part is whole."""
    begin, end = cuts(length)
    return Keys(
        text[: length - end],
        text[:begin] + text[len(text) - end :],
        text[len(text) - (length - begin) :],
    )


def near(one, other):
    """Whether two texts are equal or one edit apart."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    at = next(
        (at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None
    )
    if at is None:
        return True
    rest = other[at + 1 :]
    return rest == (one[at + 1 :] if len(one) == len(other) else one[at:])
