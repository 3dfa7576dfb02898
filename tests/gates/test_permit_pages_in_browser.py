"""Pages about permits in a real browser: everybody can use them, and a pass is given by keyboard."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from parking.models import Entitlement, Permit, Pool
from parking.stays import confirm
from tests.gates.room import held, window

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

OFFICE = [{"days": [0, 1, 2, 3, 4], "from": "07:00", "until": "19:00"}]


@pytest.fixture
def sit_down(chrome, live_server, operator, settings, tmp_path):
    """Opens a browser as the operator, in a window of the size and the colours that are asked for."""
    settings.MEDIA_ROOT = str(tmp_path)

    def opened(width=1440, scheme="light"):
        page = window(chrome, live_server, operator, width, colours=scheme).new_page()
        page.set_default_timeout(20_000)
        return page

    return opened


@pytest.fixture
def addresses(park, entry, operator):
    """The pages, with something on each of them."""
    begun = {"car_park": park, "starts_at": timezone.now() - timedelta(days=1)}
    acme = Pool.objects.create(car_park=park, name="Acme", at_once=1, lanes=["north-entry"])
    for plate in ("AC11AAA", "AC22AAA"):
        Permit.objects.create(plate=plate, holder="Acme", pool=acme, **begun)
    smith = Permit.objects.create(plate="SM17HCO", holder="Smith", hours=OFFICE, **begun)
    badge = Entitlement.objects.create(car_park=park, name="Badge", free_for=timedelta(hours=3))
    stay = held(entry, "AC11AAA").session
    confirm(stay, badge, by=operator, why="Shown", now=timezone.now())
    return (
        *("/permits/", "/permits/visitor/", "/permits/entitlements/", "/permits/pools/"),
        *(f"/permits/{smith.pk}/", f"/permits/pools/{acme.pk}/", f"/permits/pools/{acme.pk}/edit/"),
        *(f"/stays/{stay.pk}/", f"/passages/{held(entry, 'AC22AAA').pk}/"),
    )


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_everybody_can_use_them_and_nothing_overflows(
    live_server, sit_down, addresses, width, scheme
):
    page = sit_down(width, scheme)
    for address in addresses:
        page.goto(live_server.url + address)
        assert Axe().run(page).violations_count == 0, address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_a_visitor_pass_is_given_by_keyboard_alone(live_server, park, sit_down):
    page = sit_down()
    page.goto(live_server.url + "/permits/visitor/")
    page.get_by_label("Plate", exact=True).focus()
    page.keyboard.type("vi51 tor")
    page.keyboard.press("Tab")
    page.keyboard.type("Plumber Jones")
    for key in ("Tab", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_text("VI51TOR may come until 23:59")).to_be_visible()
    permit = Permit.objects.get()
    tomorrow = timezone.now().astimezone(park.zone).date() + timedelta(days=1)
    assert permit.ends_at.astimezone(park.zone).date() == tomorrow
