"""The driver's pages on a phone: a real browser at 390 px, in light and dark, on a bad line."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from billing import links
from billing.payments import start_checkout
from tests.billing.town import car, deliver, make_town, minutes, told

PHONE = {"width": 390, "height": 844}
MOST_BYTES = 50_000  # besides the picture
WEIGHT = """[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .filter(one => !one.name.endsWith("plate.jpg")).reduce((sum, one) => sum + one.decodedBodySize, 0)"""

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=["light", "dark"])
def phone(request, chrome, live_server):
    """A phone's page; `phone.complaints` has what its console complained of."""
    context = chrome.new_context(
        viewport=PHONE, color_scheme=request.param, base_url=live_server.url
    )
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(f"{said.type}: {said.text}"))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


def looks_right(phone):
    """No fault that axe knows, and nothing wider than the phone."""
    found = Axe().run(phone).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_driver_pays_with_one_hand(phone, live_server):
    car(make_town())
    phone.goto("/pay/town/")
    looks_right(phone)
    phone.get_by_label("What is your number plate?").fill("ab12 cde")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading")).to_have_text("Is this your car?")
    looks_right(phone)
    assert 2_000 < phone.evaluate(WEIGHT) < MOST_BYTES
    phone.get_by_role("button", name="Pay 3.00 GBP").click()
    looks_right(phone)
    phone.get_by_role("button", name="Pay 3.00 GBP").click()
    expect(phone.get_by_role("heading")).to_contain_text("Leave by")
    looks_right(phone)
    phone.get_by_role("link", name="receipt").click()
    expect(phone.get_by_role("heading")).to_have_text("Receipt: 3.00 GBP")
    looks_right(phone)
    assert phone.complaints == []


def test_the_other_sentences_look_right_as_well(phone, live_server):
    town, now = make_town(), timezone.now()
    stays = [
        car(town, plate="FREE1", ago=minutes(3)),
        car(town, plate="HELD1", doubt="clock"),
        car(town, plate="LEFT1", ago=minutes(9), left_at=now),
        car(town, plate="BACK1", voided_at=now),
        car(town, plate="LONG1", ago=minutes(60 * 75)),
        None,
    ]
    for stay in stays:
        phone.goto(links.pay_path(stay, town))
        looks_right(phone)
    assert phone.complaints == []


def test_the_time_to_leave_counts_down_without_the_network(phone, live_server, client):
    town = make_town()
    session = car(town)
    deliver(client, told(start_checkout(session, timezone.now())))
    phone.goto(links.pay_path(session, town))
    timer = phone.get_by_role("timer")
    expect(timer).to_contain_text("14 min 5")
    phone.context.set_offline(True)
    earlier = timer.text_content()
    expect(timer).not_to_have_text(earlier, timeout=3000)
    expect(timer).to_contain_text("14 min 5")


def test_the_waiting_page_finds_the_payment_by_itself(phone, live_server, client):
    town = make_town()
    session = car(town)
    checkout = start_checkout(session, timezone.now())
    phone.goto(
        links.pay_path(session, town) + "done/?looked=60"
    )  # this one looks no more by itself
    looks_right(phone)
    phone.goto(links.pay_path(session, town) + "done/")
    expect(phone.get_by_role("heading")).to_have_text("Waiting for your payment")
    deliver(client, told(checkout))
    expect(phone.get_by_role("heading")).to_contain_text("Leave by", timeout=10_000)
    assert phone.complaints == []


def test_a_phone_without_scripts_finds_the_payment_as_well(chrome, live_server, client):
    phone = chrome.new_context(
        viewport=PHONE, java_script_enabled=False, base_url=live_server.url
    ).new_page()
    town = make_town()
    session = car(town)
    checkout = start_checkout(session, timezone.now())
    phone.goto(links.pay_path(session, town) + "done/")
    deliver(client, told(checkout))
    expect(phone.get_by_role("heading")).to_contain_text("Leave by", timeout=10_000)
    session.refresh_from_db()
    until = session.settled_until.astimezone(town.zone)
    expect(phone.get_by_role("timer")).to_contain_text(f"{until:%H:%M}")
