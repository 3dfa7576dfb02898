"""Doubts, open barriers and occupancy in a real browser: legible in both themes, wide and on a phone."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from parking import periods, stays
from parking.doubts import raise_doubt, settle
from parking.models import Doubt, ParkingSession
from tests.gates.room import held, jpeg, window

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def ago(**span):
    return timezone.now() - timedelta(**span)


@pytest.fixture
def pages(park, entry, way_out, operator):
    """A car park with something on each page; the addresses."""
    park.places = 60
    park.save()
    entry.send_picture(held(entry).pk, "plate", jpeg())
    doubted = ParkingSession.objects.get()
    ParkingSession.objects.update(entered_at=ago(hours=3))
    raise_doubt(doubted, Doubt.CLOCK, at=ago(hours=3))
    settle(doubted, by=operator, why="Both clocks looked at", at=ago(hours=1))
    raise_doubt(doubted, Doubt.ORPHAN_READ, "north-entry, 21 Nov 12:10:05", at=ago(minutes=50))
    told = {"now": ago(hours=2), "cause": "held up"}
    ended = periods.begin(park, "exit", "gate_open", at=ago(hours=2), until=ago(hours=1), **told)
    about = periods.about(ended)
    raise_doubt(doubted, Doubt.GATE_OPEN, about, at=ago(minutes=5), period=ended)
    periods.begin(park, "north-entry", "lane_dark", at=ago(minutes=9), **told)
    left = stays.enter(park, "BC23DEF", permit=None, entered_at=ago(hours=5))
    stays.leave(left, ago(minutes=30))
    raise_doubt(left, Doubt.NO_EXIT_PICTURE, at=ago(minutes=29))
    park.counts.create(
        number=17, at=ago(hours=2), by=operator, noted_at=ago(hours=2), said_low=15, said_high=18
    )
    return {
        "stay": f"/stays/{doubted.pk}/",
        "review": "/stays/?show=review",
        "periods": "/periods/?show=all",
        "period": f"/periods/{ended.pk}/",
        "add": "/periods/add/",
        "occupancy": "/occupancy/",
    }


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_read_them(chrome, live_server, operator, pages, theme, width):
    context = window(chrome, live_server, operator, width, colours=theme)
    page = context.new_page()
    for what, address in pages.items():
        page.goto(f"{live_server.url}{address}")
        found = Axe().run(page).response["violations"]
        assert [(what, one["id"]) for one in found] == []
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert (what, wide) == (what, width)
