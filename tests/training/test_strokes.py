from itertools import combinations

import cv2
import numpy as np
import pytest

from gates.readers.weights import PLATE_LETTERS
from training.plates import folded
from training.strokes import SHAPES, TALL, Die, any_die

LOOKS = sorted(set(folded(PLATE_LETTERS)))


def likeness(one, other):
    """The correlation of two letters, each stretched to one width."""
    same_size = [cv2.resize(mask, (TALL // 2, TALL)).ravel() for mask in (one, other)]
    return np.corrcoef(same_size)[0, 1]


def test_every_character_of_a_plate_has_a_shape():
    assert sorted(SHAPES) == sorted(PLATE_LETTERS)


@pytest.mark.parametrize("choice", range(6))
def test_every_character_is_struck_as_high_as_the_others(choice):
    die = Die(wide=0.5, thick=0.1, round=1.0, choice=choice)
    masks = [die.mask(character) for character in SHAPES]
    assert {len(mask) for mask in masks} == {TALL}
    assert [mask.max() for mask in masks] == [255] * len(SHAPES)


@pytest.mark.parametrize("choice", range(6))
def test_no_two_characters_look_the_same(choice):
    die = Die(wide=0.58, thick=0.13, round=0.8, choice=choice)
    pairs = list(combinations(LOOKS, 2))
    assert len(pairs) == 34 * 33 / 2
    # 0 and G come nearest, with 0.92.
    assert [(a, b) for a, b in pairs if likeness(die.mask(a), die.mask(b)) > 0.93] == []


def test_a_thicker_die_leaves_more_ink():
    ink = [Die(0.58, thick, 0.8, 0).mask("E").mean() for thick in (0.08, 0.12, 0.16)]
    assert ink == sorted(set(ink))


def test_the_same_draws_give_the_same_die():
    assert any_die(np.random.default_rng(4)) == any_die(np.random.default_rng(4))
    assert any_die(np.random.default_rng(4)) != any_die(np.random.default_rng(5))
