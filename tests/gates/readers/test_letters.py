from itertools import groupby, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.readers.letters import alternatives, pooled, spellings
from gates.readers.weights import PLATE_LETTERS


def steps(*rows):
    """Rows of {letter: probability}; what is left of 1 is "no letter"."""
    seen = np.zeros((len(rows), 1 + len(PLATE_LETTERS)))
    for step, row in zip(seen, rows, strict=True):
        for letter, probability in row.items():
            step[1 + PLATE_LETTERS.index(letter)] = probability
        step[0] = 1 - sum(row.values())
    return seen


def by_hand(seen):
    """Every path written out: what the search must agree with."""
    sums = {}
    heard = [[i for i, p in enumerate(step) if p > 0] for step in seen]
    for path in product(*heard):
        share = np.prod([step[i] for step, i in zip(seen, path, strict=True)])
        text = "".join(PLATE_LETTERS[i - 1] for i, _ in groupby(path) if i)
        sums[text] = sums.get(text, 0) + share
    return sums


def test_the_same_letter_again_needs_a_pause():
    assert spellings(steps({"A": 1}, {"A": 1}, {}, {"A": 1}))[0] == ("AA", 1.0)
    assert spellings(steps({"A": 1}, {"A": 1}, {"A": 1}))[0] == ("A", 1.0)


@pytest.mark.parametrize("seed", range(5))
def test_probabilities_are_those_of_all_paths(seed):
    chance = np.random.default_rng(seed)
    seen = steps(*({"A": 0.05 + a / 3, "B": 0.05 + b / 3} for a, b in chance.random((6, 2))))
    exact = by_hand(seen)
    found = spellings(seen, beams=200)
    assert dict(found) == pytest.approx(exact)
    assert found[0][0] == max(exact, key=exact.get)


def test_spellings_add_up_to_at_most_one():
    seen = steps(*({"A": 0.3, "B": 0.3, "8": 0.3} for _ in range(8)))
    found = spellings(seen)
    assert len(found) == 10
    assert sum(share for _, share in found) <= 1


def test_each_crop_has_one_vote():
    one, other = [("AB1", 0.9), ("A81", 0.1)], [("A81", 0.6), ("AB1", 0.4)]
    assert dict(pooled([one, other])) == pytest.approx({"AB1": 0.65, "A81": 0.35})
    assert pooled([one, other], keep=1)[0][0] == "AB1"


@pytest.mark.parametrize("seed", range(5))
def test_pauses_of_any_length_change_no_probability(seed):
    chance = np.random.default_rng(seed)
    rows = [{}, {}, *({"A": 0.05 + a / 3, "B": 0.05 + b / 3} for a, b in chance.random((4, 2))), {}]
    seen = steps(*rows[:3], {}, {}, *rows[3:])
    assert dict(spellings(seen, beams=200)) == pytest.approx(by_hand(seen))


def test_what_is_faint_does_not_change_what_is_likely():
    seen = steps({"A": 0.9, "4": 0.0999}, {}, {"B": 0.7, "8": 0.3}, {"C": 0.999})
    exact = by_hand(seen)
    for text, share in spellings(seen):
        assert share == pytest.approx(exact[text], rel=1e-3)


def test_a_crop_of_nothing_says_nothing():
    assert spellings(steps({}, {}, {})) == [("", 1.0)]
    assert alternatives(steps({}, {}), "") == ()


def could_be(seen, text):
    return [dict(place) for place in alternatives(seen, text)]


def test_alternatives_are_the_shares_where_the_character_is_said():
    seen = steps({}, {"A": 0.8, "4": 0.2}, {}, {"1": 0.9}, {"1": 0.3}, {"B": 0.6, "8": 0.3})
    assert could_be(seen, "A1B") == [
        pytest.approx({"A": 0.8, "4": 0.2}),
        pytest.approx({"1": 1.0}),
        pytest.approx({"B": 2 / 3, "8": 1 / 3}),
    ]


def test_a_doubled_character_is_said_on_both_sides_of_a_pause():
    seen = steps({"B": 0.9, "8": 0.1}, {"B": 0.9, "8": 0.1}, {}, {"B": 0.6, "8": 0.4})
    assert could_be(seen, "BB") == [
        pytest.approx({"B": 0.9, "8": 0.1}),
        pytest.approx({"B": 0.6, "8": 0.4}),
    ]


def test_a_plate_is_told_as_it_is_spelled_whatever_look_the_recogniser_named():
    first, second = {"0": 0.7, "O": 0.1, "D": 0.2}, {"0": 0.9, "D": 0.1}
    seen = steps(first, {}, second, {"I": 0.3, "1": 0.7})
    assert could_be(seen, "O0I") == [
        pytest.approx({"O": 0.8, "D": 0.2}),
        pytest.approx({"0": 0.9, "D": 0.1}),
        pytest.approx({"I": 1.0}),
    ]


def test_at_most_five_alternatives_the_best_first():
    seen = steps(dict(zip("ABCDEFG", (0.3, 0.2, 0.15, 0.1, 0.08, 0.07, 0.05), strict=True)))
    assert [letter for letter, _ in alternatives(seen, "A")[0]] == ["A", "B", "C", "D", "E"]


def test_a_text_that_the_steps_have_no_room_for_has_no_alternatives():
    assert alternatives(steps({"A": 1}), "AAA") == ((), (), ())


chances = st.lists(st.floats(0.001, 1), min_size=37, max_size=37)


@given(st.lists(chances, min_size=1, max_size=12))
def test_any_steps_have_alternatives_that_hold_together(rows):
    seen = np.array(rows) / np.sum(rows, axis=1, keepdims=True)
    text = spellings(seen)[0][0]
    found = alternatives(seen, text)
    assert len(found) == len(text)
    for place in found:
        shares = [share for _, share in place]
        assert 0 < len(place) <= 5
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) <= 1.0001
