import pytest

from gates.rules.quality import in_words

GOOD = {"blur": 0.25, "contrast": 0.7, "clipping": 0.01, "height": 24}

PICTURES = [
    ({}, "Plate 24 px high, sharp, good contrast"),
    ({"height": 17}, "Plate 17 px high, small, sharp, good contrast"),
    ({"height": 12, "blur": 0.4}, "Plate 12 px high, very small, a little blurred, good contrast"),
    ({"blur": 0.7, "contrast": 0.3}, "Plate 24 px high, blurred, weak contrast"),
    ({"contrast": 0.1}, "Plate 24 px high, sharp, hardly any contrast"),
    (
        {"clipping": 0.2},
        "Plate 24 px high, sharp, good contrast, some of it lost in glare or black",
    ),
    ({"clipping": 0.6}, "Plate 24 px high, sharp, good contrast, lost in glare or black"),
]


@pytest.mark.parametrize(("worse", "words"), PICTURES)
def test_a_picture_in_words(worse, words):
    assert in_words({**GOOD, **worse}) == words


def test_what_nobody_measured_has_no_words():
    assert in_words(None) == ""
