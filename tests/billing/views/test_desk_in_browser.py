"""A shift at the desk in a real browser: opened, a car paid in cash, closed with a difference."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from billing.models import Payment, Shift
from tests.billing.town import car, make_town
from tests.gates.room import listening, person, window

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_shift_with_a_cash_payment_and_a_difference(chrome, live_server):
    session = car(make_town())
    complaints = []
    page = listening(window(chrome, live_server, person("operator")).new_page(), complaints)
    page.goto("/desk/")
    page.get_by_label("The desk or booth").or_(page.get_by_label("Desk")).first.fill("Booth")
    page.get_by_label("Cash in the drawer").fill("50")
    page.get_by_role("button", name="Open the shift").click()
    page.get_by_label("Plate, or a part of it").fill("ab1")
    page.get_by_role("button", name="Find").last.click()
    page.locator(f'a[href="/desk/stays/{session.pk}/"]').click()
    page.get_by_label("Given, in GBP").fill("5")
    page.get_by_role("button", name="Take 3.00 GBP in cash").click()
    expect(page.get_by_text("3.00 GBP taken. Change: 2.00 GBP.")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("link", name="Next car").click()
    page.get_by_role("link", name="Close the shift").click()
    page.get_by_label("Cash counted").fill("52.50")
    page.get_by_role("button", name="Close the shift").click()
    expect(page.get_by_text("That is 0.50 GBP less than the 53.00 GBP expected.")).to_be_visible()
    page.get_by_label(re.compile("Why it differs")).fill("a coin fell behind the drawer")
    page.get_by_role("button", name="Close the shift").click()
    expect(page.get_by_text("No arm was opened by hand in this shift.")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    shift = Shift.objects.get()
    assert (shift.expected, shift.counted, shift.difference) == (5300, 5250, -50)
    assert [one.shift for one in Payment.objects.all()] == [shift]
    assert complaints == [] or all("422" in told for told in complaints)
