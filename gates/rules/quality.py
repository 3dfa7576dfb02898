"""What the measures of a plate's picture mean, in words for who stands at the camera.

The numbers are those of `gates/readers/quality.py`, as a dict with its names.
"""

from math import inf

# Below this number the word holds.
SHARPNESS = ((0.36, "sharp"), (0.5, "a little blurred"), (inf, "blurred"))
CONTRAST = ((0.2, "hardly any contrast"), (0.4, "weak contrast"), (inf, "good contrast"))
CLIPPING = ((0.1, ""), (0.3, "some of it lost in glare or black"), (inf, "lost in glare or black"))
HEIGHT = ((16, "very small"), (20, "small"), (inf, ""))  # strokes of under 2 or 2.5 pixels


def in_words(quality):
    """As "Plate 24 px high, sharp, good contrast"; empty where nobody measured it (None)."""
    if not quality:
        return ""
    words = (
        f"Plate {quality['height']} px high",
        word(HEIGHT, quality["height"]),
        word(SHARPNESS, quality["blur"]),
        word(CONTRAST, quality["contrast"]),
        word(CLIPPING, quality["clipping"]),
    )
    return ", ".join(filter(None, words))


def word(steps, number):
    return next(word for limit, word in steps if number < limit)
