"""Nobody learns who is inside by typing plates."""

from datetime import timedelta as td

import pytest
from django.utils import timezone

from billing.models import PlateTry
from billing.tries import MOST, WITHIN
from tests.billing.town import car


def guess(client, number, address="192.0.2.1", **headers):
    return client.post(
        "/pay/town/", {"plate": f"GUESS{number}"}, REMOTE_ADDR=address, headers=headers
    )


def statuses(client, count, **options):
    return [guess(client, number, **options).status_code for number in range(count)]


def test_ten_guesses_and_then_a_sentence(client, town):
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
    [(None, [302] * 10 + [429]), (("HTTP_X_FORWARDED_PROTO", "https"), [302] * 11)],
)
def test_the_address_behind_a_proxy_counts_only_where_there_is_one(
    client, town, settings, proxy, expected
):
    settings.SECURE_PROXY_SSL_HEADER = proxy
    found = [
        guess(client, number, **{"X-Forwarded-For": f"10.0.0.1, 198.51.100.{number}"}).status_code
        for number in range(11)
    ]
    assert found == expected
