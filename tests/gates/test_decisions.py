from dataclasses import replace

import pytest

from gates.rules.decisions import ENTRY, EXIT, Answer, Decision, Entry, Exit, Reason, decide

CAR = Entry(readable=True)
LEAVER = Exit(readable=True, session=True, due=350)


@pytest.mark.parametrize(
    ("facts", "decision", "reason"),
    [
        ({}, "open", "visitor"),
        ({"places": 1}, "open", "visitor"),
        ({"places": 0}, "hold", "full"),
        ({"places": -1}, "hold", "full"),
        ({"places": 0, "permit": True}, "open", "permit"),
        ({"permit": True, "blocked": True}, "refuse", "blocked"),
        ({"permit": True, "inside": True}, "hold", "already_inside"),
        ({"readable": False, "permit": True}, "hold", "unreadable"),
        ({"blocked": True, "ordered": True}, "open", "operator"),
        ({"readable": False, "ordered": True}, "open", "operator"),
    ],
)
def test_entry(facts, decision, reason):
    assert decide(ENTRY, replace(CAR, **facts)) == Answer(Decision(decision), Reason(reason))


@pytest.mark.parametrize(
    ("facts", "decision", "reason"),
    [
        ({}, "hold", "due"),
        ({"due": 0}, "open", "free"),
        ({"settled": True}, "open", "settled"),
        ({"permit": True}, "open", "permit"),
        ({"permit": True, "session": False}, "open", "permit"),
        ({"session": False}, "hold", "no_session"),
        ({"due": None}, "hold", "doubt"),
        ({"due": None, "billed_later": True}, "open", "billed_later"),
        ({"due": 300, "billed_later": True}, "hold", "due"),
        ({"due": None, "settled": True}, "open", "settled"),
        ({"pay_later": True}, "open", "pay_later"),
        ({"pay_later": True, "due": None}, "hold", "doubt"),
        ({"pay_later": True, "due": 0}, "open", "free"),
        ({"pay_later": True, "readable": False}, "hold", "unreadable"),
        ({"readable": False}, "hold", "unreadable"),
        ({"session": False, "ordered": True}, "open", "operator"),
    ],
)
def test_exit(facts, decision, reason):
    assert decide(EXIT, replace(LEAVER, **facts)) == Answer(Decision(decision), Reason(reason))
