"""A driver's way in a real browser, from the lane's pictures to the money, and a dispute to its answer."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from billing.models import Payment
from gates import displays
from gates.cameras.drawing.scene import draw_scene
from gates.cameras.drawing.turns import AT_THE_LINE, Car
from gates.lane.pictures import car_jpeg, plate_jpeg, scene_jpeg
from parking.models import ParkingSession
from tests.billing.practice import running
from tests.gates.room import held, listening, person, window

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
BOX = (543, 452, 195, 44)  # where the plate of a drawn car is, that stands at the line
MOST_BYTES = 80_000  # two pictures of cars among it


def came(entry, plate, colour):
    """A car that came an hour and a half ago, with its three pictures; its stay."""
    passage = held(entry, plate)
    drawn = draw_scene(
        Car(plate, datetime(2026, 1, 1, tzinfo=UTC), plate, colour=colour), AT_THE_LINE, light="day"
    )
    pictures = {"plate": plate_jpeg(drawn, BOX), "car": car_jpeg(drawn, BOX)}
    for kind, body in {**pictures, "scene": scene_jpeg(drawn)}.items():
        assert entry.send_picture(passage.pk, kind, body).status_code == 200
    stays = ParkingSession.objects.filter(plate=plate)
    stays.update(entered_at=timezone.now() - timedelta(minutes=90))
    return stays.get()


@pytest.fixture
def complaints():
    return []


@pytest.fixture
def phone(chrome, live_server, settings, tmp_path, complaints):
    settings.MEDIA_ROOT, settings.BASE_URL = str(tmp_path), live_server.url
    context = chrome.new_context(viewport=PHONE, base_url=live_server.url)
    return listening(context.new_page(), complaints)


def looks_right(page):
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


def weight(page):
    entries = 'performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))'
    return page.evaluate(f"{entries}.reduce((sum, one) => sum + one.decodedBodySize, 0)")


def test_a_driver_pays_by_picking_the_picture_of_the_own_car(
    phone, entry, live_server, settings, complaints
):
    came(entry, "AB12CDF", "#2244aa")
    mine = came(entry, "AB12CDE", "#aa3322")
    with running(settings, f"{live_server.url}/webhooks/stripe/") as double:
        policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        reached = {**policy, "form-action": [*policy["form-action"], double.server.base]}
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": reached}
        phone.goto("/pay/town/")
        phone.get_by_label("What is your number plate?").fill("ab12 cdx")
        phone.keyboard.press("Enter")
        expect(phone.get_by_role("heading")).to_have_text("Which is your car?")
        pictures = phone.locator(".car-choice img")
        expect(pictures).to_have_count(2)
        for number in range(2):
            expect(pictures.nth(number)).to_have_js_property("naturalWidth", 480, timeout=20_000)
        looks_right(phone)
        assert weight(phone) < MOST_BYTES
        phone.get_by_role("link").filter(has_text="AB12CDE").click()
        expect(phone.get_by_role("heading")).to_have_text("Is this your car?")
        looks_right(phone)
        phone.get_by_role("button", name="Pay 3.00 GBP").click()
        expect(phone).to_have_url(re.compile(re.escape(double.server.base)))
        phone.get_by_role("button", name=re.compile("^Pay")).click()
        expect(phone.get_by_text("Leave by")).to_be_visible(timeout=20_000)
        complaints[:] = [one for one in complaints if "404" not in one]  # the double has no icon
    phone.get_by_role("link", name="receipt").click()
    expect(phone.get_by_role("heading")).to_have_text("Receipt: 3.00 GBP")
    looks_right(phone)
    payment = Payment.objects.get()
    assert (payment.session, payment.amount, payment.provider) == (mine, 300, "stripe")
    assert complaints == []


def test_a_driver_disputes_and_a_reviewer_answers(phone, entry, chrome, live_server, complaints):
    came(entry, "AB12CDE", "#aa3322")
    phone.goto("/pay/town/")
    phone.get_by_label("What is your number plate?").fill("AB12CDE")
    phone.keyboard.press("Enter")
    phone.get_by_role("link", name="This is not my car, or not my stay").click()
    looks_right(phone)
    phone.get_by_label("I came or left at another time.").check()
    phone.get_by_label("In your own words, if you like").fill("I came at noon")
    phone.get_by_role("button", name="Have somebody look at it").click()
    expect(phone.get_by_text("You told us that something is wrong")).to_be_visible()
    looks_right(phone)
    room = listening(window(chrome, live_server, person("reviewer", "ben")).new_page(), complaints)
    room.goto("/review/")
    expect(room.get_by_text("I came at noon")).to_be_visible(timeout=20_000)
    room.wait_for_timeout(320)  # the page takes no answer for the case that was there before
    room.get_by_role("button", name="One stay, right as it is").click()
    expect(room.get_by_text("Nothing waits for you.")).to_be_visible(timeout=20_000)
    phone.reload()
    expect(phone.get_by_text("Somebody looked at its pictures")).to_be_visible()
    expect(phone.get_by_role("button", name="Pay 3.00 GBP")).to_be_visible()
    looks_right(phone)
    assert complaints == []


@pytest.mark.parametrize("size", [(1280, 720), (600, 1024)])
def test_the_screen_at_the_exit_follows_its_lane_and_goes_blank_when_it_hears_nothing(
    chrome, live_server, settings, entry, way_out, tmp_path, complaints, size
):
    settings.MEDIA_ROOT, settings.BASE_URL = str(tmp_path), live_server.url
    came(entry, "AB12CDE", "#aa3322")
    context = chrome.new_context(viewport={"width": size[0], "height": size[1]})
    screen = listening(context.new_page(), complaints)
    screen.goto(displays.address(way_out.lane))
    expect(screen.get_by_role("heading")).to_have_text("Town Square")
    looks_right(screen)
    car = way_out.ask("AB12CDE").json()["passage"]
    expect(screen.get_by_text("AB12CDE")).to_be_visible()
    expect(screen.locator("svg.code")).to_be_in_viewport(ratio=1)
    looks_right(screen)
    assert screen.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
    assert complaints == []
    screen.context.set_offline(True)
    expect(screen.get_by_text("AB12CDE")).to_be_hidden(timeout=8_000)
    expect(screen.get_by_text("One moment, please.")).to_be_visible()
    screen.context.set_offline(False)
    way_out.tell("backed_out", car)
    expect(screen.get_by_role("heading")).to_have_text("Town Square", timeout=8_000)
