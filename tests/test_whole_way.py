"""From the camera to the arm in a real browser: a car is held at the exit, its driver pays, it leaves."""

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from billing.explain import check
from gates.demo.park import OPERATOR, Site, make_car_park, make_lane, make_operator
from gates.demo.stage import Stage
from parking.models import ParkingSession

ROOT = Path(__file__).resolve().parents[1]
PLATE = "KX19RTV"
PATIENCE = 30_000  # milliseconds; two cores draw, read, serve and browse at once

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server, settings, tmp_path):
    settings.BASE_URL = live_server.url
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return Site(tmp_path, live_server.url)


@pytest.fixture
def car_park():
    return make_car_park(places=10, free=timedelta(minutes=10), step=timedelta(hours=1), price=350)


@pytest.fixture
def lane(car_park, site):
    """A lane worker at the exit, as a process of its own; ready, with an empty road before it."""
    file = make_lane(car_park, site, "south-exit", "out")
    worker = subprocess.Popen(
        [sys.executable, "-m", "gates.lane", str(file)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert worker.stdout.readline() == "south-exit: ready\n"
        yield "south-exit"
    finally:
        worker.terminate()
        worker.wait(timeout=20)


def sign_in(chrome, site):
    page = chrome.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{site.server}/")
    page.get_by_label("Name").fill(OPERATOR)
    page.get_by_label("Password").fill(make_operator())
    page.get_by_role("button", name="Sign in").click()
    return page


def pay(chrome, site):
    """The driver's way on a phone, without an account: plate, picture, price, card, time to leave."""
    phone = chrome.new_context(viewport={"width": 390, "height": 844}).new_page()
    phone.set_default_timeout(PATIENCE)
    phone.goto(f"{site.server}/pay/demo/")
    phone.get_by_label("What is your number plate?").fill("kx19 rtv")
    phone.get_by_role("button", name="Find my car").click()
    expect(phone.get_by_text("3.50 GBP").first).to_be_visible()
    phone.get_by_role("button", name=re.compile("^Pay")).click()
    phone.get_by_role("button", name=re.compile("^Pay")).click()
    settled = phone.get_by_text("Paid. The barrier opens by itself.")
    expect(settled).to_be_visible(timeout=PATIENCE)


def test_held_at_the_exit_paid_on_a_phone_and_the_arm_rises(chrome, site, car_park, lane):
    ParkingSession.objects.create(
        car_park=car_park, plate=PLATE, entered_at=datetime.now(UTC) - timedelta(minutes=30)
    )
    room = sign_in(chrome, site)
    card = room.locator(f"#card-{lane}")
    expect(card.get_by_text("arm down", exact=True)).to_be_visible()

    Stage(site.scenes).bring(lane, datetime.now(UTC), plate=PLATE)
    expect(card.get_by_text("Held: 3.50 GBP due", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(card.get_by_text("arm down", exact=True)).to_be_visible()

    pay(chrome, site)
    expect(card.get_by_text("Opened: it has paid", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(card.get_by_text("arm up", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(card.get_by_text("arm down", exact=True)).to_be_visible(
        timeout=PATIENCE
    )  # it has passed
    stay = ParkingSession.objects.get()
    assert (stay.plate, stay.left_at is not None) == (PLATE, True)
    receipts = check()
    assert (receipts.receipts, receipts.unexplained, receipts.differences) == (1, 0, ())
