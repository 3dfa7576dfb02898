"""A lane's newest vehicles against its earlier ones, in an order that a seed fixes."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gates.rules.drift import EARLIER, RECENT, Seen, drift

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NIGHT = NOON.replace(hour=1)


def cars(number, read=0.96, at=NOON, seed=1, **measures):
    """So many vehicles of one part of the day; `measures` replace what is usual."""
    chance = random.Random(seed)
    order = [place < round(read * number) for place in range(number)]
    chance.shuffle(order)
    usual = {"confidence": 0.97, "blur": 0.25, "contrast": 0.6, "clipping": 0.02, "height": 30}
    usual |= measures
    return [
        Seen(
            at + timedelta(seconds=place),
            one,
            *(None if each is None else each * chance.uniform(0.9, 1.1) for each in usual.values()),
        )
        for place, one in enumerate(order)
    ]


NORMAL = cars(EARLIER, seed=2)

PICTURES = [
    ({"blur": 0.45}, "its pictures have become blurred: clean the lens or refocus"),
    ({"contrast": 0.35}, "its pictures have become pale: see to lamp, exposure and lens"),
    ({"clipping": 0.3}, "glare or black hides its plates: see to lamp, shade and exposure"),
    ({"height": 20}, "its plates have become smaller: was the camera moved or zoomed?"),
    ({"confidence": 0.8}, "it has become less sure: look at its newest pictures"),
    (
        {"blur": 0.45, "height": 20},
        "its pictures have become blurred: clean the lens or refocus; "
        "its plates have become smaller: was the camera moved or zoomed?",
    ),
]


@pytest.mark.parametrize(("worse", "said"), PICTURES)
def test_fewer_are_read_and_the_pictures_say_why(worse, said):
    told = drift(cars(RECENT, 0.78, **worse), NORMAL)
    assert told == f"Reads 78% of the last 100 vehicles without a person, 96% before: {said}."


def test_fewer_are_read_and_the_pictures_are_as_before():
    told = drift(cars(RECENT, 0.78), NORMAL)
    assert told == (
        "Reads 78% of the last 100 vehicles without a person, 96% before: "
        "look at the pictures that it did not read."
    )


def test_pictures_that_become_bad_are_told_before_reads_fail():
    told = drift(cars(RECENT, 0.96, blur=0.4), NORMAL)
    assert told == (
        "Reads as before, but its pictures have become blurred: clean the lens or refocus."
    )


@pytest.mark.parametrize(
    ("recent", "earlier"),
    [
        (cars(RECENT, 0.96), NORMAL),
        (cars(RECENT, 0.91), NORMAL),  # five more of a hundred: chance may have it
        (cars(5, 0.0), NORMAL),
        (cars(RECENT, 0.9), cars(EARLIER, 0.93)),
        (cars(RECENT, 1.0), cars(EARLIER, 0.7)),  # better is no drift
        (cars(RECENT, 0.0), cars(60)),  # nobody knows yet what is normal
        (cars(RECENT, 0.0), []),
        ([], NORMAL),
        (cars(20, blur=0.45, read=1.0)[:8], NORMAL),
        (cars(RECENT, blur=0.30, height=28, contrast=0.55), NORMAL),
    ],
)
def test_nobody_is_sent_to_the_lane_for_little(recent, earlier):
    assert drift(recent, earlier) == ""


def test_a_lane_that_reads_nothing_any_more_is_told_after_a_dozen_vehicles():
    fine, dead = cars(RECENT, seed=3), cars(12, 0.0, confidence=None)
    assert drift([*dead[:4], *fine[4:]], NORMAL) == ""
    assert drift([*dead, *fine[12:]], NORMAL).startswith("Reads 8")


def test_what_was_mended_is_over_though_bad_ones_are_among_the_last_hundred():
    bad, mended = cars(70, 0.5, blur=0.5), cars(30, 0.97)
    assert drift(bad + mended, NORMAL) != ""
    assert drift(mended + bad, NORMAL) == ""


def test_a_night_is_compared_with_nights():
    night = {"read": 0.8, "blur": 0.4, "contrast": 0.3, "confidence": 0.85}
    usual = cars(800) + cars(200, at=NIGHT, **night)
    assert drift(cars(RECENT, at=NIGHT, seed=5, **night), usual) == ""
    assert drift(cars(RECENT, seed=5, **night), usual).startswith("Reads 80%")


def test_hours_at_which_nobody_came_before_say_nothing():
    assert drift(cars(RECENT, 0.2, at=NIGHT, blur=0.6), NORMAL) == ""


def test_a_lane_whose_reader_measures_nothing_is_watched_all_the_same():
    bare = dict.fromkeys(("blur", "contrast", "clipping", "height", "confidence"))
    before = [replace(car, **bare) for car in NORMAL]
    assert drift(cars(RECENT, 0.78, **bare), before).endswith("that it did not read.")
    assert drift(cars(RECENT, 0.78, blur=0.6), before).endswith("that it did not read.")
