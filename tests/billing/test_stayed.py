"""Where nobody but the driver knows whether a stay was two visits, he is asked, and may pay at once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from billing import links
from billing.models import Checkout
from billing.payments import NothingDue, start_checkout
from billing.quotes import quote
from parking import stays
from parking.doubts import raise_doubt
from parking.evidence import look
from parking.models import CarPark, Doubt, ParkingSession
from tests.billing.town import car, deliver, told
from tests.gates.room import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def stay(town):
    """A stay of an hour and a half where one car of 25 passes unread: 3.00, if it is one."""
    CarPark.objects.update(missed=0.04, usual_stay=timedelta(hours=1))
    return car(CarPark.objects.get())


def fresh(stay):
    return ParkingSession.objects.select_related("car_park").get(pk=stay.pk)


def page(client, stay):
    return text(client.get(links.pay_path(fresh(stay), stay.car_park, links.By.LANE)))


def pay(client, stay, **said):
    token = links.token(fresh(stay), links.By.LANE)
    return client.post(reverse("pay_checkout", args=[stay.car_park.slug, token]), said)


def price(stay):
    offer = quote(fresh(stay), timezone.now())
    return offer.due, offer.owed, offer.doubt


@pytest.mark.parametrize("left", [False, True])
def test_the_driver_says_that_it_was_here_all_the_time_and_pays(stay, client, left):
    look(stay, timezone.now())
    if left:
        stays.leave(stay, timezone.now())
    assert price(stay) == (None, 300, "two_visits")
    shown = page(client, stay)
    assert "Was your car here all the time?" in shown
    assert "Yes, it was: pay 3.00 GBP" in shown
    assert pay(client, stay, shown=300, stayed="on").status_code == 302
    assert price(stay) == (None, 300, "two_visits")  # said, and not yet paid
    deliver(client, told(Checkout.objects.get()))
    assert price(stay) == (0, 0, "")
    assert fresh(stay).settled_until is not None
    doubt = stay.doubts.get()
    assert (doubt.settled_by, doubt.why) == (
        None,
        "The driver said that the car was here all the time, and paid.",
    )


def test_who_left_while_the_server_was_away_pays_by_the_same_word(stay, client):
    CarPark.objects.update(missed=0.0)
    stays.leave(stay, timezone.now())
    raise_doubt(stay, Doubt.LEFT_ALONE, at=timezone.now())
    assert price(stay) == (None, 300, "left_alone")
    shown = page(client, stay)
    assert "Our line was cut when you left, so the barrier opened by itself" in shown
    assert "Was your car here all the time?" in shown
    pay(client, stay, shown=300, stayed="on")
    deliver(client, told(Checkout.objects.get()))
    assert price(stay) == (0, 0, "")


def test_what_was_paid_on_the_phone_opens_the_exit(stay, client):
    pay(client, stay, shown=300, stayed="on")
    deliver(client, told(Checkout.objects.get()))
    assert quote(fresh(stay), timezone.now()).settled
    later = timezone.now() + timedelta(hours=1)
    assert quote(fresh(stay), later).due == 150  # and it is asked once for each stay


def test_who_drove_out_in_between_says_so_and_a_person_looks(stay, client):
    wrong = reverse("pay_wrong", args=[stay.car_park.slug, links.token(stay)])
    assert f'href="{wrong}?what=between"' in text(client.get(links.pay_path(stay, stay.car_park)))
    assert 'value="between" required checked' in text(client.get(f"{wrong}?what=between"))
    client.post(wrong, {"what": "between"})
    assert price(stay) == (None, 300, "disputed")
    assert "Somebody has to look at your stay first." in page(client, stay)
    assert pay(client, stay, shown=300, stayed="on").status_code == 409


def test_who_was_away_can_say_so_before_he_pays_at_any_site(stay, client):
    CarPark.objects.update(missed=0.0)
    shown = page(client, stay)
    assert "Pay 3.00 GBP" in shown
    assert "I drove out in between" in shown
    assert "?what=between" in shown


def test_a_word_that_no_page_offers_is_no_answer(stay, client):
    wrong = reverse("pay_wrong", args=[stay.car_park.slug, links.token(stay)])
    assert "checked" not in text(client.get(f"{wrong}?what=<script>"))


def test_without_the_drivers_word_nothing_is_charged(stay):
    with pytest.raises(NothingDue, match="Somebody is looking at this stay"):
        start_checkout(stay, timezone.now())
    assert not stay.doubts.exists()


@pytest.mark.parametrize("kind", [Doubt.CLOCK, Doubt.MISSED_EXIT, Doubt.NO_ENTRY_PICTURE])
def test_the_drivers_word_settles_no_other_doubt(stay, client, kind):
    raise_doubt(stay, kind, at=timezone.now())
    assert "Somebody has to look at your stay first." in page(client, stay)
    assert pay(client, stay, shown=300, stayed="on").status_code == 409
    assert not Checkout.objects.exists()


def test_a_picture_that_lacks_is_graver_and_not_hidden_by_it(stay):
    look(stay, timezone.now())
    ParkingSession.objects.update(entry_picture_by=timezone.now())
    assert price(stay) == (None, 300, "no_entry_picture")


def test_where_nothing_is_in_doubt_the_word_changes_nothing(stay, client):
    CarPark.objects.update(missed=0.005)
    pay(client, stay, shown=300, stayed="on")
    assert not Checkout.objects.get().stayed
