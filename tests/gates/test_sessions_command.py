import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from billing.models import Payment
from parking.models import CarPark, ParkingSession
from tests.gates.test_arrivals import ago, inside


def listed(capsys, *words):
    call_command("sessions", *words)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_line_a_stay_with_what_is_due_and_paid(park, entry, capsys):
    passage = entry.ask("NEW1").json()["passage"]
    old = inside(park, "OLD1", hours=3)
    Payment.objects.create(
        session=old, amount=150, currency="GBP", provider="mock", reference="1", paid_at=ago()
    )
    first, second = listed(capsys, "--json")
    assert (first["plate"], first["due"], first["paid"], first["passages"]) == (
        "OLD1",
        450,
        150,
        [],
    )
    assert (second["plate"], second["left_at"], second["doubt"]) == ("NEW1", None, None)
    assert second["passages"] == [passage]
    assert datetime.now(UTC) - datetime.fromisoformat(second["entered_at"]) < timedelta(minutes=1)


def test_a_stay_that_never_was_is_not_listed(park, capsys):
    inside(park, "VOID1", hours=1)
    ParkingSession.objects.update(voided_at=ago())
    assert listed(capsys, "--json") == []


def test_one_car_park_only(park, capsys):
    inside(park, "HERE1", hours=1)
    inside(CarPark.objects.create(slug="other", name="Other"), "THERE1", hours=1)
    assert [one["plate"] for one in listed(capsys, "--json", "--car-park", "town")] == ["HERE1"]


def test_a_car_park_that_is_not_there(park):
    with pytest.raises(CommandError, match="no car park 'nope'; there are: town"):
        call_command("sessions", "--car-park", "nope")


def test_without_json_it_is_for_people(park, capsys):
    inside(park, "HERE1", hours=1)
    call_command("sessions")
    assert capsys.readouterr().out.startswith("HERE1 ")
