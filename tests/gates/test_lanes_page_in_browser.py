"""The lanes page in a real browser: what a person types, sees and hears of while it refreshes itself."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from gates.models import Correction, Order, Passage
from parking.models import ParkingSession
from tests.gates.room import held, jpeg, listening, window

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def complaints():
    """What the browser's console complained of."""
    return []


@pytest.fixture
def sit_down(chrome, live_server, operator, settings, tmp_path, complaints):
    """Opens the lanes page as the operator, in a window of the size that is asked for."""
    settings.MEDIA_ROOT = str(tmp_path)

    def opened(width=1440, height=900):
        context = window(chrome, live_server, operator, width, height)
        page = listening(context.new_page(), complaints)
        page.goto(live_server.url)
        return page

    return opened


def stands(lane_box, plate, **more):
    """A vehicle that asks on and on, however slow the machine of this test is."""
    passage = held(lane_box, plate, **more)
    later = timezone.now() + timedelta(minutes=5)
    Passage.objects.filter(pk=passage.pk).update(asked_at=later)
    return passage


def test_what_is_typed_on_a_card_survives_its_refreshes(entry, sit_down, complaints):
    passage = stands(entry, None, confidence=None)
    page = sit_down()
    field = page.get_by_label("Type the plate")
    field.click()
    page.keyboard.type("ab 12")
    entry.send_picture(passage.pk, "scene", jpeg())  # the card changes under the person's hands
    expect(page.get_by_alt_text("The lane as its camera saw it")).to_be_visible()
    page.keyboard.type(" cde")
    expect(field).to_have_value("ab 12 cde")
    page.keyboard.press("Enter")
    expect(page.get_by_text("AB12CDE it is")).to_be_visible()
    assert Correction.objects.get().after == "AB12CDE"
    assert complaints == []


def test_a_car_that_begins_to_wait_is_told_by_card_title_and_task(entry, sit_down, complaints):
    page = sit_down()
    expect(page.get_by_text("no vehicle yet", exact=True)).to_be_visible()
    stands(entry, None, confidence=None)
    expect(page).to_have_title(re.compile(r"^\(1 waiting\) Lanes"))
    expect(page.locator(".lane-facts.is-waiting")).to_be_visible()
    expect(page.locator(".task", has_text="north-entry")).to_be_visible()
    assert complaints == []


def test_two_keys_open_the_arm_with_a_reason(entry, sit_down, complaints):
    page = sit_down()
    page.keyboard.press("1")
    expect(page.get_by_role("heading", name="Open north-entry: why?")).to_be_visible()
    page.keyboard.press("3")
    expect(page.get_by_text("Told to open")).to_be_visible()
    expect(page.get_by_role("heading", name="Open north-entry: why?")).to_be_hidden()
    assert Order.objects.get().why == "Lets a vehicle out"
    page.keyboard.press("/")
    expect(page.get_by_label("Find a plate")).to_be_focused()
    assert complaints == []


def test_an_arm_is_held_up_for_a_reason_and_not_without(entry, sit_down, complaints):
    page = sit_down()
    page.get_by_role("button", name="Open", exact=True).click()
    page.get_by_role("button", name="Hold up").click()
    expect(page.get_by_role("alert")).to_have_text(re.compile("Say why"))
    assert not Order.objects.exists()
    page.get_by_label("Another reason").fill("Market day")
    page.get_by_role("button", name="Hold up").click()
    expect(page.get_by_text("Told to hold the arm up")).to_be_visible()
    assert [(order.action, order.why) for order in Order.objects.all()] == [
        ("hold_open", "Market day")
    ]


@pytest.mark.parametrize("width", [1440, 390])
def test_everybody_can_use_it_and_nothing_overflows(park, entry, way_out, sit_down, width):
    came = timezone.now() - timedelta(hours=1)
    ParkingSession.objects.create(car_park=park, plate="BC23DEF", entered_at=came)
    stands(entry, None, confidence=None)
    stands(way_out, "BC23DEF")
    page = sit_down(width=width)
    assert Axe().run(page).violations_count == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_ended_sign_in_leads_the_whole_page_to_the_sign_in(entry, sit_down):
    page = sit_down()
    page.context.clear_cookies()
    expect(page).to_have_url(re.compile("/sign-in/"))
    expect(page.get_by_label("Password")).to_be_visible()


def test_a_list_stays_put_under_a_moving_hand(entry, sit_down):
    held(entry)
    page = sit_down()
    stream = page.locator("#stream")
    expect(stream.get_by_text("AB12CDE")).to_be_visible()
    stream.hover()
    held(entry, "BC23DEF")
    for step in range(12):
        stream.hover(position={"x": 20 + step, "y": 10})
        page.wait_for_timeout(250)
    expect(stream.get_by_text("BC23DEF")).to_be_hidden()
    page.mouse.move(0, 0)
    expect(stream.get_by_text("BC23DEF")).to_be_visible()
