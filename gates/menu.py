"""The control room's menu: one table of sections and their pages, one level deep."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Page:
    """A page of the menu: what it is called, its address's name, and who may open it."""

    words: str
    address: str
    permission: str


@dataclass(frozen=True)
class Entry:
    """A page or a section in somebody's menu. `here`: the reader is on it, or on a page below it."""

    words: str
    path: str
    here: bool
    pages: tuple = ()  # a section's own entries


# A section opens at its first page that the person may see.
SECTIONS = {
    "Lanes": [Page("Lanes", "lanes", "gates.view_lane")],
    "Review": [
        Page("Cases", "review", "gates.review_case"),
        Page("Answers", "review_quality", "gates.view_finding"),
    ],
    "Stays": [
        Page("Stays", "stays", "parking.view_parkingsession"),
        Page("Passages", "passages", "gates.view_passage"),
        Page("Open and dark", "periods", "parking.view_period"),
        Page("How full", "occupancy", "parking.view_count"),
    ],
    "Permits": [
        Page("Permits", "permits", "parking.view_permit"),
        Page("Pools", "pools", "parking.view_pool"),
        Page("Entitlements", "entitlements", "parking.view_entitlement"),
        Page("Blocked", "blocked_plates", "parking.view_blockedplate"),
    ],
    "Prices": [
        Page("Prices", "prices", "billing.view_tariff"),
        Page("Shops", "validators", "billing.view_validator"),
        Page("Vouchers", "voucher_batches", "billing.view_voucherbatch"),
        Page("Validate", "validation_give", "billing.add_validation"),
    ],
    "Money": [
        Page("Today", "money", "billing.export_payment"),
        Page("Desk", "desk", "billing.take_payment"),
        Page("Unpaid", "unpaid", "billing.view_unpaid"),
        Page("Refunds", "refund_queue", "billing.refund_payment"),
        Page("Autopay", "agreements", "billing.view_agreement"),
    ],
}


def menu(person, path):
    """The `Entry` of each section that this person may open, for a reader of the page at `path`."""
    mine = {
        section: [
            (page, reverse(page.address)) for page in pages if person.has_perm(page.permission)
        ]
        for section, pages in SECTIONS.items()
    }
    at = nearest(path, [address for pages in mine.values() for _, address in pages])
    return [_section(words, pages, at) for words, pages in mine.items() if pages]


def nearest(path, addresses):
    """Of these addresses the one that `path` lies at or deepest below; None for a page of its own.

    The first page lies above all others, and is none of theirs.
    """
    above = [one for one in addresses if path.startswith(one) and one not in ("/", path)]
    return path if path in addresses else max(above, key=len, default=None)


def _section(words, pages, at):
    entries = tuple(Entry(page.words, address, address == at) for page, address in pages)
    return Entry(words, entries[0].path, any(one.here for one in entries), entries)
