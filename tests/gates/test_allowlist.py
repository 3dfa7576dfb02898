"""The list with which a lane decides alone: what each lane is told of permits with more than dates."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gates.lane.allowlist import AllowList
from gates.rules.alone import Asking, alone
from parking.models import Permit, Pool

pytestmark = pytest.mark.django_db

OFFICE = [{"days": [0, 1, 2, 3, 4], "from": "07:00", "until": "19:00"}]
MONDAY_NOON = datetime(2100, 6, 7, 11, tzinfo=UTC)  # 12:00 in London


def permit(park, plate, **facts):
    starts_at = timezone.now() - timedelta(days=1)
    return Permit.objects.create(
        car_park=park, plate=plate, holder="x", starts_at=starts_at, **facts
    )


def fetched(box):
    headers = {"Authorization": f"Lane {box.key}"}
    return Client().get("/api/v1/lane/list", headers=headers).json()


@pytest.fixture
def lists(park, entry, second_entry, way_out, tmp_path):
    """The lists of three lanes as they keep them: two entries and an exit."""
    pool = Pool.objects.create(car_park=park, name="Acme", at_once=3)
    permit(park, "ALWAYS1")
    permit(park, "P00L1", pool=pool)
    permit(park, "VISIT1", visits=3)
    permit(park, "HOURS1", hours=OFFICE)
    permit(park, "N0RTH1", lanes=["north-entry"])

    def kept():
        told = {}
        for box in (entry, second_entry, way_out):
            told[box.lane.name] = AllowList(tmp_path / f"{box.lane.name}.json")
            told[box.lane.name].replace(fetched(box))
        return told

    return kept


def opened(kept, direction, now=MONDAY_NOON):
    """The plates for which a lane with this list opens alone."""
    plates = ("ALWAYS1", "P00L1", "VISIT1", "HOURS1", "N0RTH1", "NEVER1")
    asked = {
        plate: Asking(direction, plate, accepted=True, opens_for="permits", permits=kept.permits)
        for plate in plates
    }
    return {plate for plate, asking in asked.items() if alone(asking, now).decision == "open"}


def test_an_entry_alone_opens_for_what_it_can_judge_and_nobody_has_to_count(lists):
    kept = lists()
    assert opened(kept["north-entry"], "in") == {"ALWAYS1", "HOURS1", "N0RTH1"}
    assert opened(kept["south-entry"], "in") == {"ALWAYS1", "HOURS1"}


def test_an_entry_alone_knows_the_hours(lists):
    saturday, evening = MONDAY_NOON - timedelta(days=2), MONDAY_NOON + timedelta(hours=7)
    kept = lists()["south-entry"]
    assert opened(kept, "in", saturday) == opened(kept, "in", evening) == {"ALWAYS1"}
    assert opened(kept, "in", evening - timedelta(seconds=1)) == {"ALWAYS1", "HOURS1"}


def test_an_exit_alone_traps_nobody_who_has_a_permit(lists):
    sunday = MONDAY_NOON - timedelta(days=1)
    everybody = {"ALWAYS1", "P00L1", "VISIT1", "HOURS1", "N0RTH1"}
    assert opened(lists()["exit"], "out", sunday) == everybody


def test_what_looks_like_a_plate_that_is_left_out_is_left_out_too(park, entry, second_entry):
    permit(park, "ABIO", lanes=["south-entry"])
    permit(park, "AB1O")
    assert [row["plate"] for row in fetched(entry)["permits"]] == []
    assert [row["plate"] for row in fetched(second_entry)["permits"]] == ["AB1O", "ABIO"]


def test_a_pool_that_is_changed_makes_another_list(park, entry, lists):
    first = entry.beat().json()["list_version"]
    assert entry.beat().json()["list_version"] == first
    Pool.objects.get().save()
    assert entry.beat().json()["list_version"] != first


def test_a_list_of_an_older_server_has_no_hours(tmp_path):
    kept = AllowList(tmp_path / "list.json")
    kept.replace({"version": "1", "permits": [], "blocked": [], "settled": []})
    assert kept.permits == ()


def test_a_lane_that_does_not_know_the_zone_leaves_out_what_has_hours(tmp_path, lists, entry):
    kept = AllowList(tmp_path / "list.json")
    kept.replace({**fetched(entry), "timezone": "Europe/Atlantis"})
    assert opened(kept, "in") == {"ALWAYS1", "N0RTH1"}


@pytest.mark.parametrize("hours", [7, [{}], [{"days": [9], "from": "07:00", "until": "19:00"}]])
def test_a_list_with_hours_that_are_none_is_no_whole_list(tmp_path, lists, entry, hours):
    said = fetched(entry)
    said["scheduled"][0]["hours"] = hours
    kept = AllowList(tmp_path / "list.json")
    with pytest.raises(ValueError, match="hour"):
        kept.replace(said)
    assert kept.permits == ()
