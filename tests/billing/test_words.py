"""Fee lines in words: the same on the pay page, the receipt and the stay."""

import re
from datetime import timedelta as td
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string

from billing.rules.tariffs import DAY, Line, Rule
from tests.billing.town import NOON, minutes

HOUR = td(hours=1)


def words(*lines):
    told = {"lines": lines, "currency": "GBP", "zone": ZoneInfo("Europe/London")}
    said = re.sub(r"<[^>]+>", " ", render_to_string("billing/_lines.html", told))
    return re.sub(r"\s+", " ", said).strip()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            Line(Rule.FREE, NOON, NOON + minutes(4), each=minutes(15)),
            "Free for the first 15 min 1 Jun 13:00 to 13:04 BST 0.00 GBP",
        ),
        (
            Line(Rule.STEPS, NOON, NOON + minutes(61), 2, 150, HOUR),
            "2 steps of 1 h at 1.50 GBP 1 Jun 13:00 to 14:01 BST 3.00 GBP",
        ),
        (
            Line(Rule.STEPS, NOON, NOON + minutes(5), 1, 150, minutes(90)),
            "1 step of 1 h 30 min at 1.50 GBP 1 Jun 13:00 to 13:05 BST 1.50 GBP",
        ),
        (
            Line(Rule.DAY_CAP, NOON, NOON + DAY, 1, 1200, DAY),
            "1 day at most 12.00 GBP 1 Jun 13:00 to 2 Jun 13:00 BST 12.00 GBP",
        ),
        (
            Line(Rule.DAY_CAP, NOON, NOON + 3 * DAY, 3, 1200, DAY),
            "3 days at most 12.00 GBP each 1 Jun 13:00 to 4 Jun 13:00 BST 36.00 GBP",
        ),
        (
            Line(Rule.PERMIT, NOON, NOON + HOUR),
            "Covered by a permit 1 Jun 13:00 to 14:00 BST 0.00 GBP",
        ),
        (
            Line(Rule.ENTITLED, NOON, NOON + HOUR),
            "Free by an entitlement that was confirmed 1 Jun 13:00 to 14:00 BST 0.00 GBP",
        ),
        (
            Line(Rule.LEAVING, NOON, NOON + minutes(5)),
            "Time to leave after paying 1 Jun 13:00 to 13:05 BST 0.00 GBP",
        ),
    ],
)
def test_a_line_in_words(line, said):
    assert words(line) == said


def test_every_rule_has_its_words():
    for rule in Rule:
        line = Line(rule, NOON, NOON + HOUR, 1, 1, HOUR)
        assert re.match(r"[A-Z0-9][\w ]+", words(line)), rule
