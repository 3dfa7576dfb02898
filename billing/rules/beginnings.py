"""Prices as common kinds of car parks have them: what somebody who makes prices may begin from.

Amounts are in the smallest unit of a currency with two decimals; they are examples, to be changed.
"""

from dataclasses import dataclass

WORKDAYS = ["mon", "tue", "wed", "thu", "fri"]


@dataclass(frozen=True)
class Beginning:
    """A kind of car park, and the document of its terms."""

    name: str
    document: dict


BEGINNINGS = {
    "town": Beginning(
        "Town centre",
        {
            "free": {"minutes": 10, "when": "short"},
            "bands": [
                {
                    "name": "Daytime",
                    "days": [*WORKDAYS, "sat"],
                    "from": "08:00",
                    "to": "18:00",
                    "charge": {"kind": "steps", "minutes": 60, "price": 180},
                },
                {
                    "name": "Evenings and Sundays",
                    "charge": {"kind": "steps", "minutes": 60, "price": 60},
                },
            ],
            "caps": [{"per": "24h", "amount": 1400}],
            "grace_at_end": 10,
        },
    ),
    "hospital": Beginning(
        "Hospital",
        {
            "free": {"minutes": 30, "when": "short"},
            "bands": [
                {
                    "name": "Visitors",
                    "charge": {
                        "kind": "tiers",
                        "tiers": [
                            {"up_to": 120, "price": 250},
                            {"up_to": 240, "price": 400},
                            {"up_to": 1440, "price": 700},
                        ],
                        "then": {"minutes": 1440, "price": 700},
                    },
                }
            ],
            "groups": {"staff": {"percent": 20}, "long-term patient": {"percent": 50}},
            "grace_at_end": 15,
            "leave_within": 20,
        },
    ),
    "station": Beginning(
        "Station",
        {
            "free": {"minutes": 20, "when": "short"},
            "bands": [
                {"name": "Parking", "charge": {"kind": "steps", "minutes": 60, "price": 220}},
            ],
            "caps": [{"per": "24h", "amount": 1100}],
            "offers": [
                {
                    "name": "Early bird",
                    "days": WORKDAYS,
                    "in_from": "05:00",
                    "in_by": "09:00",
                    "out_by": "20:00",
                    "price": 700,
                }
            ],
            "classes": {"motorcycle": {"percent": 50}},
        },
    ),
    "drop-off": Beginning(
        "Drop-off",
        {
            "bands": [
                {
                    "name": "Drop-off",
                    "charge": {
                        "kind": "tiers",
                        "tiers": [
                            {"up_to": 10, "price": 500},
                            {"up_to": 20, "price": 800},
                            {"up_to": 30, "price": 1500},
                        ],
                        "then": {"minutes": 60, "price": 2500},
                    },
                }
            ],
            "caps": [{"per": "24h", "amount": 10000}],
            "no_return": {"minutes": 30, "then": "one_stay"},
            "leave_within": 10,
        },
    ),
    "residents": Beginning(
        "Residents",
        {
            "free": {"minutes": 15, "when": "short"},
            "bands": [
                {
                    "name": "Controlled hours",
                    "days": WORKDAYS,
                    "from": "08:00",
                    "to": "18:30",
                    "charge": {"kind": "steps", "minutes": 30, "price": 150},
                },
                {"name": "Other times", "charge": {"kind": "free"}},
            ],
            "caps": [{"per": "calendar_day", "amount": 1500}],
            "groups": {"resident": {"percent": 0}, "visitor of a resident": {"percent": 25}},
            "grace_at_end": 10,
        },
    ),
}
