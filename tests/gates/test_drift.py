"""A lane is watched as its vehicles leave, from what they told and what persons said of them."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from gates.models import Lane, Passage
from gates.rules.drift import PART
from parking.models import CarPark
from tests.gates.room import held, queries

WEEK = timedelta(days=7)
SHARP = {"blur": 0.25, "contrast": 0.7, "clipping": 0.01, "height": 24}
BLURRED = {**SHARP, "blur": 0.55}


def gone(lane_box, number, at, plate="AB12CDE", **more):
    """So many vehicles that asked in one minute, and drove on."""
    one = {
        "lane": lane_box.lane,
        "plate_read": plate,
        "plate": plate,
        "confidence": 0.97,
        "quality": SHARP,
        "decision": "open",
        "reason": "visitor",
    } | more
    times = [at + timedelta(seconds=60 * place / number) for place in range(number)]
    Passage.objects.bulk_create(
        Passage(
            id=uuid.uuid4(), seen_at=time, received_at=time, asked_at=time, decided_at=time, **one
        )
        for time in times
    )


def drift_after_one_more(lane_box):
    """What the lane's drift is once another vehicle has left."""
    passage = held(lane_box, quality=SHARP)
    CarPark.objects.update(measured_at=None)  # some minutes later
    lane_box.tell("passed", passage.pk)
    return Lane.objects.get(pk=lane_box.lane.pk).drift


@pytest.fixture
def normal(entry):
    """A lane that read all of its vehicles a week ago, at whatever hour this test runs."""
    for hour in range(0, 24, PART):
        gone(entry, 100, timezone.now() - WEEK + timedelta(hours=hour))
    return entry


def test_a_lane_that_reads_as_before_says_nothing(normal):
    gone(normal, 99, timezone.now() - timedelta(minutes=2))
    assert drift_after_one_more(normal) == ""


UNREAD = [
    {"confidence": 0.4},
    {"confidence": None},
    {"plate": "", "plate_read": "", "confidence": None},
    {"plate": "AB12CDF", "plate_read": "AB12CDE"},  # a person said that it was another
]


@pytest.mark.parametrize("unread", UNREAD)
def test_a_lane_that_reads_fewer_says_so_and_what_its_pictures_show(normal, unread):
    gone(normal, 60, timezone.now() - timedelta(minutes=4))
    gone(normal, 39, timezone.now() - timedelta(minutes=2), quality=BLURRED, **unread)
    assert drift_after_one_more(normal).startswith(
        "Reads 61% of the last 100 vehicles without a person, 100% before: "
        "its pictures have become blurred: clean the lens or refocus"
    )


def test_to_spell_an_o_for_a_0_is_no_worse_reading(normal):
    corrected = {"plate": "ABIO", "plate_read": "AB10"}
    gone(normal, 99, timezone.now() - timedelta(minutes=2), **corrected)
    assert drift_after_one_more(normal) == ""


def test_it_says_nothing_any_more_when_it_is_mended(normal):
    gone(normal, 60, timezone.now() - timedelta(minutes=4), confidence=0.4)
    assert drift_after_one_more(normal).startswith("Reads 40% of the last 100")
    gone(normal, 40, timezone.now() + timedelta(minutes=1))
    assert drift_after_one_more(normal) == ""


def test_a_fault_of_two_days_is_no_new_normal(normal):
    gone(normal, 400, timezone.now() - timedelta(days=2), confidence=0.4)
    gone(normal, 99, timezone.now() - timedelta(minutes=2), confidence=0.4)
    assert drift_after_one_more(normal).startswith("Reads 1% of the last 100")


def test_a_new_lane_has_nothing_to_compare_with(entry):
    gone(entry, 99, timezone.now() - timedelta(minutes=2), confidence=0.4)
    assert drift_after_one_more(entry) == ""


def test_another_lane_is_not_concerned(normal, way_out):
    gone(way_out, 300, timezone.now() - WEEK)
    gone(normal, 99, timezone.now() - timedelta(minutes=2), confidence=0.4)
    assert drift_after_one_more(way_out) == ""


def test_the_lanes_page_asks_the_database_no_more_for_it(normal, room):
    before = queries(room, "/")
    gone(normal, 99, timezone.now() - timedelta(minutes=2), confidence=0.4)
    assert drift_after_one_more(normal) != ""
    assert queries(room, "/") == before
