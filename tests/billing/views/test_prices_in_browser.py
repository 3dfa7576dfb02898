"""Prices in a real browser: built by keyboard, tried on last month's stays; everybody can use the pages."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from billing.prices import whatif
from billing.prices.versions import publish
from tests.billing.town import DEARER, car, make_town, minutes
from tests.gates.room import listening, person, window

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(db):
    town, now = make_town(), timezone.now()
    for number in range(30):
        facts = {"plate": f"W{number}", "left_at": now - minutes(60 + number)}
        car(town, ago=minutes(200 + 7 * number), **facts)
    return town


@pytest.fixture
def sit_down(chrome, live_server, town):
    """Opens the control room as an operator; the page has what its console complained of."""
    olivia = person("operator", "olivia")

    def opened(width=1440, scheme="light"):
        complaints = []
        page = window(chrome, live_server, olivia, width, colours=scheme).new_page()
        page.complaints, page.olivia = complaints, olivia
        return listening(page, complaints)

    return opened


def looks_right(page, width):
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_prices_are_built_by_keyboard_and_tried_on_last_months_stays(sit_down, town):
    page = sit_down()
    page.goto("/prices/")
    page.get_by_role("link", name="New prices").press("Enter")
    price = page.get_by_label("Price", exact=True).first
    price.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("2.50")
    board = page.locator("#preview .board")
    expect(board).to_contain_text("2.50 GBP")  # while it was typed
    page.get_by_role("button", name="Add a cap").press("Enter")
    expect(page.locator("#id_caps-1-amount")).to_be_focused()
    page.keyboard.type("30")
    page.keyboard.press("Tab")
    page.keyboard.type("a whole")
    expect(board).to_contain_text("A whole stay30.00 GBP")
    page.get_by_label("What changes, and why").press("Control+A")
    page.keyboard.type("Costs rose")
    page.get_by_role("button", name="What if").press("Enter")
    expect(page.get_by_text("All 30 stays are priced.")).to_be_visible()
    expect(page.get_by_role("heading", name="Drivers")).to_be_visible()
    page.get_by_role("link", name="Go on with these prices").press("Enter")
    expect(page.get_by_label("What changes, and why")).to_have_value("Costs rose")
    expect(page.locator("#id_caps-1-amount")).to_have_value("30.00")
    page.get_by_role("button", name="Save as version 2").press("Enter")
    expect(page.get_by_text("Version 2 is made.")).to_be_visible()
    made = town.tariffs.get(version=2)
    assert made.terms["bands"][0]["charge"]["price"] == 250
    assert [cap["per"] for cap in made.terms["caps"]] == ["24h", "stay"]
    assert (made.note, made.made_by) == ("Costs rose", page.olivia)
    assert page.complaints == []


def test_what_is_wrong_is_found_from_the_preview_and_from_the_form(sit_down, town):
    page = sit_down()
    page.goto("/prices/versions/new/")
    page.get_by_label("Price", exact=True).first.fill("-1")
    lacks = page.get_by_role("link", name="Band 1, Price")
    expect(lacks).to_be_visible()
    lacks.press("Enter")
    page.get_by_role("button", name="Save as version 2").press("Enter")
    expect(page.get_by_text("1 field below needs a correction.")).to_be_visible()
    price = page.get_by_label("Price", exact=True).first
    expect(price).to_have_value("-1")
    expect(price).to_have_attribute("aria-invalid", "true")
    assert town.tariffs.count() == 1


def test_without_a_script_rows_are_added_and_prices_saved(chrome, live_server, sit_down, town):
    page = sit_down()
    context = chrome.new_context(java_script_enabled=False, base_url=live_server.url)
    context.add_cookies(page.context.cookies())
    plain = context.new_page()
    plain.set_default_timeout(20_000)
    plain.goto("/prices/versions/new/")
    plain.get_by_role("button", name="Add a cap").press("Enter")
    plain.locator("#id_caps-1-amount").fill("30")
    plain.locator("#id_caps-1-per").select_option("stay")
    plain.get_by_role("button", name="Save as version 2").press("Enter")
    expect(plain.get_by_text("Version 2 is made.")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (390, "light")])
def test_everybody_can_use_them_and_nothing_overflows(sit_down, town, width, scheme):
    page, now = sit_down(width, scheme), timezone.now()
    coming = {"now": now, "starts_at": now + timedelta(days=1), "note": "Costs rose"}
    publish(town, DEARER, by=page.olivia, **coming)
    run = whatif.go_on(whatif.begin(town, DEARER, by=page.olivia, now=now), now)
    for address in (
        "/prices/",
        "/prices/versions/1/",
        "/prices/versions/2/?arrival=evening",
        "/prices/versions/new/?like=hospital",
        "/prices/versions/new/?like=residents",
        f"/prices/what-if/{run.pk}/",
        "/prices/town/",
    ):
        page.goto(address)
        looks_right(page, width)
    assert page.complaints == []
