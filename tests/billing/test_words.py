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
            Line(Rule.TIERS, NOON, NOON + HOUR, 1, 300, 2 * HOUR, "Day"),
            "Day: up to 2 h 1 Jun 13:00 to 14:00 BST 3.00 GBP",
        ),
        (
            Line(Rule.STEPS, NOON, NOON + HOUR, 1, 300, HOUR, "Evening"),
            "Evening: 1 step of 1 h at 3.00 GBP 1 Jun 13:00 to 14:00 BST 3.00 GBP",
        ),
        (
            Line(Rule.FLAT, NOON, NOON + HOUR, 1, 500, None, "Night"),
            "Night: one price 1 Jun 13:00 to 14:00 BST 5.00 GBP",
        ),
        (
            Line(Rule.FREE_BAND, NOON, NOON + HOUR, name="Sunday"),
            "Free: Sunday 1 Jun 13:00 to 14:00 BST 0.00 GBP",
        ),
        (
            Line(Rule.MINUTES, NOON, NOON + HOUR, each=2 * HOUR, name="Cinema"),
            "2 h free, given by Cinema 1 Jun 13:00 to 14:00 BST 0.00 GBP",
        ),
        (
            Line(Rule.DAY_CAP, NOON, NOON + HOUR, 1, -200, DAY, of=1200),
            "No more than 12.00 GBP in 24 hours 1 Jun 13:00 to 14:00 BST -2.00 GBP",
        ),
        (
            Line(Rule.WINDOW_CAP, NOON, NOON + HOUR, 1, 500, of=500),
            "At these hours no more than 5.00 GBP 1 Jun 13:00 to 14:00 BST 5.00 GBP",
        ),
        (
            Line(Rule.OFFER, NOON, NOON + HOUR, 1, 800, name="Early bird"),
            "Early bird: one price 1 Jun 13:00 to 14:00 BST 8.00 GBP",
        ),
        # of the whole stay: their time would be told twice
        (
            Line(Rule.CLASS, NOON, NOON + HOUR, 1, -200, name="motorcycle", of=50),
            "Price for a motorcycle: 50 % -2.00 GBP",
        ),
        (
            Line(Rule.PERCENT, NOON, NOON + HOUR, 1, -20, name="Cinema", of=10),
            "10 % off, given by Cinema -0.20 GBP",
        ),
        (
            Line(Rule.ROUNDED, NOON, NOON + HOUR, 1, -3, of=10),
            "Rounded to 0.10 GBP -0.03 GBP",
        ),
        (
            Line(Rule.TAX, NOON, NOON + HOUR, 0, 50, name="VAT", of=2000),
            "Including VAT 20 %: 0.50 GBP",
        ),
        (
            Line(Rule.TAX, NOON, NOON + HOUR, 1, 50, name="Sales tax", of=875),
            "Sales tax 8.75 % 0.50 GBP",
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
        said = words(line).replace("1 Jun 13:00 to 14:00 BST", "").removesuffix("0.01 GBP")
        assert re.match(r"[A-Z0-9:][\w ]+", said), rule
