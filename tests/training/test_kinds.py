from collections import Counter

import numpy as np
import pytest

from training.kinds import KINDS, any_kind, bgr


def test_the_shares_are_of_the_whole():
    assert sum(kind.share for kind in KINDS) == pytest.approx(1)


def test_each_kind_is_drawn_as_often_as_its_share_says():
    chance = np.random.default_rng(2)
    drawn = Counter(any_kind(chance).name for _ in range(20_000))
    assert drawn == {k.name: pytest.approx(20_000 * k.share, rel=0.1) for k in KINDS}


def test_colours_are_blue_green_red():
    assert bgr("#0102ff").tolist() == [255, 2, 1]
