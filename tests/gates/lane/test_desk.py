"""The lane's side of the API against a real HTTP server that misbehaves."""

import time

import pytest

from gates.lane.desk import Breaker, Desk, NoAnswer, answer_from
from tests.gates.lane.server import serving

ARRIVAL = {"passage": "7d7f6a52-29c1-4b0c-93f8-7ad1ab0e5a0d", "plate": "AB12CDE"}


@pytest.fixture
def lane_desk(server):
    lane_desk = Desk(server, "key", deadline=0.3)
    yield lane_desk
    lane_desk.close()


def test_an_answer(lane_desk, desk):
    answer = lane_desk.ask(ARRIVAL)
    assert (answer.decision, answer.reason) == ("open", "visitor")
    assert desk.arrivals == [ARRIVAL]


@pytest.mark.parametrize(
    ("mode", "why"),
    [
        ("silent", "no answer from .* within 0.3 seconds"),
        ("drip", "no answer from .* within 0.3 seconds"),
        ("html", "the answer is text/html, not JSON"),
        ("broken", "the answer is not whole JSON"),
        (500, "the server said 500: Not now, please"),
        (401, "the server said 401"),
        (302, "the server said 302"),
    ],
)
def test_no_answer_within_the_deadline(lane_desk, desk, mode, why):
    desk.mode = mode
    began = time.monotonic()
    with pytest.raises(NoAnswer, match=why):
        lane_desk.ask(ARRIVAL)
    assert time.monotonic() - began < 0.6


def test_a_dead_server_is_not_asked_for_every_car(lane_desk, desk):
    desk.mode = "drip"
    for _ in range(3):
        with pytest.raises(NoAnswer, match="within"):
            lane_desk.ask(ARRIVAL)
    began = time.monotonic()
    with pytest.raises(NoAnswer, match="not asked this time"):
        lane_desk.ask(ARRIVAL)
    assert time.monotonic() - began < 0.1


def test_a_server_that_is_not_there():
    with serving(object()) as address:
        pass
    lane_desk = Desk(address, "key", deadline=0.3)
    with pytest.raises(NoAnswer, match="cannot be reached"):
        lane_desk.ask(ARRIVAL)
    lane_desk.close()


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        {},
        {"decision": "open"},
        {"decision": "up", "reason": "permit"},
        {"decision": None, "reason": "permit"},
        {"decision": ["open"], "reason": "permit"},
        {"decision": "open", "reason": 7},
        {"decision": "open", "reason": "permit", "ask_again_after": "soon"},
        {"decision": "open", "reason": "permit", "ask_again_after": True},
        {"decision": "open", "reason": "permit", "ask_again_after": float("nan")},
    ],
)
def test_what_was_not_agreed_is_no_answer(said):
    assert answer_from(said) is None


@pytest.mark.parametrize(("said", "seconds"), [(None, 1.0), (-5, 0.2), (0.5, 0.5), (1e9, 30.0)])
def test_the_wait_is_bounded(said, seconds):
    answer = answer_from({"decision": "hold", "reason": "due", "ask_again_after": said})
    assert answer.ask_again_after == seconds


def test_the_list_and_that_it_is_current(lane_desk, desk):
    assert lane_desk.list(None)["version"] == "v1"
    desk.answer = lambda *_: (204, {})
    assert lane_desk.list("v1") is None


def test_the_breaker_rests_and_tries_again():
    breaker = Breaker(limit=2, rest=5.0)
    breaker.failed(100.0)
    assert breaker.allows(100.0)
    breaker.failed(101.0)
    assert not breaker.allows(105.9)
    assert breaker.allows(106.0)
    breaker.worked()
    assert breaker.allows(101.0)


@pytest.mark.parametrize(
    ("status", "final"),
    [
        (None, False),
        (400, True),
        (409, True),
        (413, True),
        (401, False),
        (404, False),
        (408, False),
        (429, False),
        (500, False),
        (503, False),
    ],
)
def test_which_refusals_are_final(status, final):
    assert NoAnswer("no", status).final is final
