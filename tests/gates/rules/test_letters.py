import pytest

from gates.rules.letters import doubted


def could_be(**probabilities):
    return [{"plate": plate, "probability": share} for plate, share in probabilities.items()]


@pytest.mark.parametrize(
    ("candidates", "places"),
    [
        (could_be(AB12=0.98), []),
        (could_be(AB12=0.6, A812=0.3), [1]),
        (could_be(AB12=0.5, A812=0.2, AB1Z=0.2), [1, 3]),
        (could_be(AB12=0.9, A812=0.05), []),  # too unlikely to bother a person with
        (could_be(AB12=0.8, A812=0.05, AR12=0.05), [1]),  # together they are not
        (could_be(AB12=0.6, AB1=0.3), []),  # of another length: nothing to lay beside it
        ([], []),
    ],
)
def test_characters_that_other_candidates_read_otherwise(candidates, places):
    assert doubted("AB12", candidates) == places


def test_an_unread_plate_has_no_characters():
    assert doubted("", could_be(AB12=0.4)) == []
