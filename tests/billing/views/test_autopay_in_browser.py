"""Autopay and a shop's page on a phone: the whole way, in a real browser, in light and dark."""

import re
import threading
import uuid

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from billing import revocable
from billing.autopay import charges, tills
from billing.models import Agreement, AgreementEvent, Payment, Voucher
from billing.providers.mock import SILENT
from tests.billing.autopay.test_agreements import active
from tests.billing.test_validations import batch, shop, standing
from tests.billing.town import car, make_town
from tests.gates.conftest import lane_box
from tests.gates.room import listening, person, window
from tests.gates.test_autopay_at_exit import asks

PHONE = {"width": 390, "height": 844}

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _tills(transactional_db, settings, live_server):
    settings.BASE_URL = live_server.url
    yield
    meet = threading.Barrier(tills.AT_ONCE)
    for one in [tills.TILLS.submit(meet.wait, 20) for _ in range(tills.AT_ONCE)]:
        one.result(20)


@pytest.fixture(params=["light", "dark"])
def phone(request, chrome, live_server):
    context = chrome.new_context(
        viewport=PHONE, color_scheme=request.param, base_url=live_server.url
    )
    complaints = []
    page = listening(context.new_page(), complaints)
    page.complaints, page.colours = complaints, request.param
    return page


def looks_right(page):
    """No fault that axe knows, and nothing wider than the window."""
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"]


def letter_link():
    return re.search(r"http\S+/autopay/mine/\S+", mail.outbox[-1].body)[0]


def test_autopay_is_registered_and_a_decline_falls_back_to_the_page(phone, live_server):
    town = make_town()
    way_out = lane_box(town, "exit", "out")
    car(town)
    passage = uuid.uuid4()
    phone.goto(way_out.ask(passage=passage).json()["pay_url"])
    phone.get_by_role("link", name="Next time, pay automatically").click()
    looks_right(phone)
    phone.get_by_label("Your e-mail address").fill("ada@example.org")
    phone.get_by_label("At most this much").fill("15")
    phone.get_by_role("button", name="Go on").click()
    expect(phone.get_by_role("heading")).to_have_text("Look into your e-mail.")
    looks_right(phone)
    phone.goto(letter_link())
    looks_right(phone)
    phone.get_by_role("button", name="Confirm, and save a card").click()
    phone.get_by_label("declined when it is charged").check()
    phone.get_by_role("button", name="Save this card").click()
    expect(phone.get_by_role("heading").first).to_have_text("Autopay is on.")
    looks_right(phone)
    mine = phone.url

    assert asks(way_out, passage, "hold due") == ["hold charging", "hold due"]
    phone.goto(mine)
    expect(phone.get_by_role("heading").first).to_contain_text("your card was declined")
    looks_right(phone)
    phone.goto(way_out.ask(passage=passage).json()["pay_url"])
    phone.get_by_role("button", name="Pay 3.00 GBP").click()
    phone.get_by_role("button", name="Pay 3.00 GBP").click()
    expect(phone.get_by_role("heading").first).to_contain_text("Paid")
    assert way_out.answer(passage=passage) == "open settled"
    assert [one.amount for one in Payment.objects.all()] == [300]
    assert phone.complaints == []


def test_a_card_that_pays_opens_the_arm_without_the_phone(phone, live_server):
    town = make_town()
    way_out, stay = lane_box(town, "exit", "out"), car(town)
    agreement = active(stay, now=timezone.now())
    passage = uuid.uuid4()
    assert asks(way_out, passage, "open settled")[-1] == "open settled"
    phone.goto(agreement.get_absolute_url())
    looks_right(phone)
    expect(phone.locator("tbody")).to_contain_text("3.00 GBP")
    phone.get_by_role("link", name="Receipt").click()
    expect(phone.get_by_role("heading")).to_have_text("Receipt: 3.00 GBP")
    phone.goto(agreement.get_absolute_url())
    phone.get_by_role("button", name="Pause").click()
    expect(phone.get_by_role("heading").first).to_have_text("Autopay is paused.")
    looks_right(phone)
    phone.get_by_role("button", name="Resume").click()
    phone.get_by_text("End autopay").click()
    looks_right(phone)
    phone.get_by_role("button", name="End it for good").click()
    expect(phone.get_by_role("heading").first).to_have_text("Autopay has ended.")
    looks_right(phone)
    phone.goto("/autopay/town/")
    looks_right(phone)
    assert phone.complaints == []


def test_a_shop_validates_and_a_driver_uses_a_voucher(phone, live_server):
    town = make_town()
    stay, baker = car(town), shop(town)
    phone.goto(f"/shop/{revocable.token(baker)}/")
    looks_right(phone)
    phone.get_by_label("Your customer's number plate").fill("ab12 cde")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("status")).to_contain_text("it has 1 h free now")
    looks_right(phone)
    assert standing(stay) == [("Baker", "1 h free")]
    voucher = batch(town).make(1, uses=1)[0]
    phone.goto(f"/voucher/town/{voucher.code}/")
    phone.get_by_label("What is your number plate?").fill("AB12CDE")
    phone.keyboard.press("Enter")
    expect(phone.get_by_label("Its code")).to_have_value(voucher.code)
    looks_right(phone)
    phone.get_by_role("button", name="Use it").click()
    expect(phone.get_by_role("status")).to_contain_text("Summer fair: 1 h free")
    looks_right(phone)
    assert Voucher.objects.get().uses_left == 0
    assert phone.complaints == []


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_operators_pages_look_right(chrome, live_server, colours, width):
    town, now = make_town(), timezone.now()
    for number, name in enumerate(["Baker", "Butcher", "Grand Hotel"]):
        one = shop(town, name, a_month=100 if number else 1)
        stay = car(town, plate=f"CAR{number}")
        one.validations.create(session=stay, name=name, kind="minutes", amount=60, at=now)
    made = batch(town)
    made.make(4, uses=1)
    made.make(1, uses=1, length=8)
    for number, token in enumerate(["pays", "declines-later", SILENT]):
        stay = car(town, plate=f"PAY{number}")
        active(stay, f"owner{number}@example.org", token=token, now=now)
        charges.charge(stay, now)
    AgreementEvent.objects.update(told_at=now)
    complaints = []
    page = listening(
        window(chrome, live_server, person("operator"), width, 900, colours).new_page(),
        complaints,
    )
    for address in (
        "/validators/",
        f"/validators/{shop(town, 'Tailor').pk}/",
        f"/validators/{town.validators.get(name='Baker').pk}/",
        "/validators/add/",
        "/validations/give/",
        "/vouchers/",
        "/vouchers/add/",
        f"/vouchers/{made.pk}/",
        "/agreements/?show=all",
    ):
        page.goto(address)
        looks_right(page)
    assert Agreement.objects.count() == 3
    assert complaints == []
