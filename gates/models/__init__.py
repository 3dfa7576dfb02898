"""What the lanes see and do, and what people say of it."""

from gates.models.corrections import Change, Correction
from gates.models.events import Event, Order
from gates.models.lanes import Confusion, Lane, hashed
from gates.models.passages import ASKS_WITHIN, Answer, Passage, Picture
from gates.models.review import Case, Finding

__all__ = [
    "ASKS_WITHIN",
    "Answer",
    "Case",
    "Change",
    "Confusion",
    "Correction",
    "Event",
    "Finding",
    "Lane",
    "Order",
    "Passage",
    "Picture",
    "hashed",
]
