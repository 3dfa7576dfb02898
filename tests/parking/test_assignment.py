from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parking.rules.assignment import best_pairs


def most(gains):
    """The greatest sum, by trying all pairings."""
    lefts, rights = ({pair[side] for pair in gains} for side in (0, 1))
    sums = [0.0]
    for size in range(1, min(len(lefts), len(rights)) + 1):
        for some in combinations(sorted(lefts), size):
            for others in permutations(sorted(rights), size):
                pairs = list(zip(some, others, strict=True))
                if all(pair in gains for pair in pairs):
                    sums.append(sum(gains[pair] for pair in pairs))
    return max(sums)


@pytest.mark.parametrize(
    ("gains", "best"),
    [
        ({}, {}),
        ({("a", 1): 5.0}, {"a": 1}),
        ({("a", 1): -5.0}, {}),
        ({("a", 1): 5.0, ("b", 1): 6.0}, {"b": 1}),
        ({("a", 1): 5.0, ("a", 2): 4.0, ("b", 1): 5.0}, {"a": 2, "b": 1}),  # greedy takes a to 1
        ({("a", 1): 9.0, ("a", 2): 1.0, ("b", 1): 5.0}, {"a": 1}),  # together they gain less
    ],
)
def test_the_greatest_sum_is_found(gains, best):
    assert best_pairs(gains) == best


@given(
    st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 4)), st.floats(-3, 20), max_size=20)
)
def test_no_other_pairing_gains_more(gains):
    found = best_pairs(gains)
    assert len(set(found.values())) == len(found)
    assert sum(gains[pair] for pair in found.items()) == pytest.approx(most(gains))


def test_a_long_chain_is_solved():
    """Each would like the next one's place; only all together can be best."""
    chain = {(n, n): 1.0 for n in range(400)} | {(n, n + 1): 1.1 for n in range(399)}
    assert best_pairs(chain) == {n: n + 1 for n in range(399)}
