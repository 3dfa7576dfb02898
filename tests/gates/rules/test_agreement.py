"""The blind second look."""

from gates.rules.agreement import agreement, asked_twice


def test_one_case_in_fifty_is_asked_twice_and_always_the_same():
    chosen = [case for case in range(10_000) if asked_twice(case)]
    assert 150 <= len(chosen) <= 250
    assert chosen == [case for case in range(10_000) if asked_twice(case)]


def test_agreement_with_its_counts():
    found = agreement([2.0, 9.0, 4.0], [True, False])
    assert (found.answers, found.asked, found.same, found.share, found.seconds) == (
        3,
        2,
        1,
        0.5,
        4.0,
    )


def test_nothing_asked_is_no_agreement():
    assert agreement([], []).share is None
    assert agreement([], []).seconds is None
