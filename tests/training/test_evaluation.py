import numpy as np
import pytest

from gates.readers.weights import PLATE_LETTERS, PLATE_RECOGNISER
from training.batches import Drawn
from training.card import figures
from training.evaluation import BATCH, SEED, Result, evaluated, letters_of


def said(text, steps=24, surely=1.0):
    """Probabilities, time x 37, of a recogniser that says the text; the rest says nothing."""
    seen = np.zeros((steps, 1 + len(PLATE_LETTERS)))
    seen[:, 0] = 1
    for place, character in enumerate(text):
        seen[2 * place] = 0
        seen[2 * place, [0, PLATE_LETTERS.index(character) + 1]] = 1 - surely, surely
    return seen


class Script:
    """Says for each batch, in order, what was drawn."""

    def __init__(self, says=lambda text: said(text)):
        self.says, self.number = says, 0
        self.drawn = Drawn(BATCH, SEED, held_out=True, files=())

    def __call__(self, crops):
        shown, texts = self.drawn[self.number]
        assert np.array_equal(crops, shown)
        self.number += 1
        return np.stack([self.says(text) for text in texts])


@pytest.fixture(scope="module")
def perfect():
    return evaluated(Script(), 60, files=())


def test_a_recogniser_without_fault_is_right_about_all(perfect):
    assert (perfect.right, perfect.silent) == (1, 1)
    assert perfect.seen + perfect.signs[1] == 60
    assert perfect.table() == [(0.99, 1.0, perfect.seen, 1.0, 1.0)]


def test_one_that_says_nothing_is_right_about_no_plate():
    silent = evaluated(Script(lambda text: said("")), 60, files=())
    assert (silent.right, silent.silent) == (0, 1)


def test_the_bar_hears_of_every_batch():
    heard = []
    evaluated(Script(), 30, tell=heard.append, files=())
    assert heard == [20, 40]


@pytest.fixture
def mixed():
    result = Result()
    for text, spoken, surely in [
        ("AB12", "AB12", 1.0),
        ("AB12", "AB13", 1.0),
        ("A0", "AO", 0.8),
        ("K7", "K7", 0.9),
        ("K7", "", 1.0),
    ]:
        result.judge(said(spoken, surely=surely), text, "eu")
    result.judge(said("SALE"), "", "sign")
    result.judge(said("SALE", surely=0.5), "", "sign")
    return result


def test_o_for_0_is_right_and_a_sure_sign_is_not_silent(mixed):
    assert mixed.kinds == {"eu": [3, 5]}
    assert (mixed.right, mixed.silent) == (0.6, 0.5)


def test_what_was_said_stands_beside_what_was_right(mixed):
    assert mixed.table() == [
        (0.5, 0.7, 1, pytest.approx(0.64), 1.0),
        (0.8, 0.9, 1, pytest.approx(0.81), 1.0),
        (0.99, 1.0, 2, 1.0, 0.5),
    ]
    assert sum(many for _, _, many, _, _ in mixed.table()) == mixed.seen - 1  # one was not read


def test_the_figures_as_two_tables(mixed):
    assert figures(mixed).splitlines() == [
        "| Kind | Plates | Right |",
        "| --- | ---: | ---: |",
        "| eu | 5 | 60.0 % |",
        "| all | 5 | 60.0 % |",
        "| no plate, and none read | 2 | 50.0 % |",
        "",
        "| Said to be right | Plates | Said | Right |",
        "| --- | ---: | ---: | ---: |",
        "| 0.50 to 0.70 | 1 | 64.0 % | 100.0 % |",
        "| 0.80 to 0.90 | 1 | 81.0 % | 100.0 % |",
        "| 0.99 to 1.00 | 2 | 100.0 % | 50.0 % |",
    ]


def test_an_exported_file_gives_probabilities_of_its_steps():
    steps = letters_of(PLATE_RECOGNISER, threads=1)(np.zeros((2, 48, 192, 3), np.uint8))
    assert steps.shape == (2, 24, 37)
    assert steps.sum(2) == pytest.approx(np.ones((2, 24)), abs=1e-4)
