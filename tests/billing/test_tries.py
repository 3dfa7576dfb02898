"""Nobody learns who is inside by typing plates."""

import ipaddress
from datetime import timedelta as td

import pytest
from django.utils import timezone

from billing.models import PlateTry
from billing.tries import (
    ALLOWED,
    DISPUTE,
    LETTER,
    MOST,
    PICTURES_UNTIL,
    SHOWN,
    WITHIN,
    allowed,
)
from tests.billing.town import car, make_town


def guess(client, number, address="192.0.2.1", **headers):
    return client.post(
        "/pay/town/", {"plate": f"GUESS{number}"}, REMOTE_ADDR=address, headers=headers
    )


def statuses(client, count, **options):
    return [guess(client, number, **options).status_code for number in range(count)]


def test_so_many_guesses_and_then_a_sentence(client, town):
    assert statuses(client, MOST + 2) == [302] * MOST + [429] * 2
    assert "Too many plates were typed" in guess(client, 1).content.decode()


def test_after_the_limit_a_plate_that_is_inside_gets_the_same_answer(client, town):
    car(town)
    statuses(client, MOST)
    answer = client.post("/pay/town/", {"plate": "AB12CDE"}, REMOTE_ADDR="192.0.2.1")
    assert answer.status_code == 429
    assert guess(client, 1, address="192.0.2.2").status_code == 302


def test_finding_the_own_car_is_no_guess(client, town):
    """A phone network has one address for many drivers; they shall not stop each other."""
    car(town)
    for _ in range(3 * MOST):
        answer = client.post("/pay/town/", {"plate": "AB12CDE"}, REMOTE_ADDR="192.0.2.1")
        assert answer.status_code == 302


def test_ten_minutes_later_guesses_are_forgotten(client, town):
    statuses(client, MOST)
    PlateTry.objects.update(at=timezone.now() - WITHIN - td(seconds=1))
    assert guess(client, 1).status_code == 302
    assert PlateTry.objects.count() == 1


def test_neither_plate_nor_address_is_kept(client, town):
    guess(client, 1)
    kept = str(PlateTry.objects.values().get())
    assert "GUESS1" not in kept
    assert "192.0.2.1" not in kept


def test_what_is_no_plate_is_no_guess(client, town):
    for _ in range(MOST + 1):
        assert client.post("/pay/town/", {"plate": "🚗"}).status_code == 200


@pytest.mark.parametrize(
    ("proxy", "expected"),
    [(None, [302] * MOST + [429]), (("HTTP_X_FORWARDED_PROTO", "https"), [302] * (MOST + 1))],
)
def test_the_address_behind_a_proxy_counts_only_where_there_is_one(
    client, town, settings, proxy, expected
):
    settings.SECURE_PROXY_SSL_HEADER = proxy
    found = [
        guess(client, number, **{"X-Forwarded-For": f"10.0.0.1, 198.51.100.{number}"}).status_code
        for number in range(MOST + 1)
    ]
    assert found == expected


def typed(client, plate, address="192.0.2.1"):
    return client.post("/pay/town/", {"plate": plate}, REMOTE_ADDR=address, follow=True)


def guessed_at(town, points):
    """So many points of misses at this car park, from addresses of all the world."""
    now = timezone.now()
    PlateTry.objects.bulk_create(
        PlateTry(who=f"{number}", car_park=town, at=now, points=1) for number in range(points)
    )


def test_all_of_an_ipv6_network_is_one_address(client, town):
    found = [
        guess(client, number, address=str(ipaddress.ip_address("2001:db8::1") + number)).status_code
        for number in range(MOST + 1)
    ]
    assert found == [302] * MOST + [429]
    assert guess(client, 1, address="2001:db8:0:1::1").status_code == 302


def test_pictures_cost_more_than_a_miss(client, town):
    car(town)
    answers = [typed(client, "AB12CDX").status_code for _ in range(MOST // SHOWN + 1)]
    assert answers == [200] * (MOST // SHOWN) + [429]


@pytest.mark.parametrize(
    ("missed", "points"), [(0, 30), (299, 30), (300, 10), (1999, 10), (2000, 3), (10**6, 3)]
)
def test_the_more_a_car_park_is_guessed_at_the_fewer_each_address_may(missed, points):
    assert allowed(missed) == points


def test_many_addresses_together_get_fewer_answers_each_and_never_none(client, town):
    guessed_at(town, ALLOWED[0][0])
    assert statuses(client, 5) == [302] * 3 + [429] * 2
    assert guess(client, 1, address="192.0.2.2").status_code == 302


def test_another_car_park_is_not_touched_by_guesses_at_this_one(client, town):
    make_town("harbour")
    guessed_at(town, ALLOWED[0][0])
    for number in range(10):
        answer = client.post("/pay/harbour/", {"plate": f"GUESS{number}"}, REMOTE_ADDR="192.0.2.9")
        assert answer.status_code == 302


def test_no_pictures_while_a_car_park_is_guessed_at(client, town):
    car(town)
    assert "Which is your car?" in typed(client, "AB12CDX").content.decode()
    guessed_at(town, PICTURES_UNTIL)
    assert "We did not see your car" in typed(client, "AB12CDX", "192.0.2.2").content.decode()
    assert "Is this your car?" in typed(client, "AB12CDE", "192.0.2.3").content.decode()


def test_one_address_that_goes_on_after_the_limit_uses_up_nobody_elses_budget(client, town):
    statuses(client, MOST + 200)
    assert PlateTry.objects.count() == MOST


def test_disputes_and_letters_are_no_guesses_at_the_car_park(client, town):
    """Or a few drivers who dispute would take the pictures from everybody."""
    car(town)
    now = timezone.now()
    for points in (DISPUTE, LETTER):
        for number in range(PICTURES_UNTIL):
            PlateTry.objects.create(who=f"{number}", car_park=town, at=now, points=points)
    assert "Which is your car?" in typed(client, "AB12CDX").content.decode()
    assert statuses(client, MOST - SHOWN, address="192.0.2.7") == [302] * (MOST - SHOWN)
