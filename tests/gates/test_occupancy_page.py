"""How full it is: the top bar with its error bar, the page behind it, and people's counts."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from gates.models import Passage
from gates.occupancy import occupied
from gates.passages import give_order
from parking import stays
from parking.models import Count, ParkingSession, Permit
from tests.gates.room import browser, held, person, queries, text


def ago(**span):
    return timezone.now() - timedelta(**span)


def typed(at):
    return timezone.localtime(at, ZoneInfo("Europe/London")).strftime("%Y-%m-%dT%H:%M")


def bar(park):
    found = occupied(park, timezone.now())
    return found.low, found.inside, found.high


@pytest.fixture
def park(park):
    park.places = 50
    park.save()
    return park


def test_vehicles_without_a_readable_plate_take_a_place_too(park, entry, way_out, operator):
    held(entry)
    car = held(entry, None)
    assert bar(park) == (1, 1, 1)
    give_order(entry.lane, "open", by=operator, why="By eye", now=timezone.now())
    entry.ask(None, passage=car.pk)
    assert bar(park) == (2, 2, 2)
    gone = held(way_out, None)
    give_order(way_out.lane, "open", by=operator, why="By eye", now=timezone.now())
    way_out.ask(None, passage=gone.pk)
    assert bar(park) == (1, 1, 1)


def test_who_backs_out_and_who_has_a_permit_take_none(park, entry):
    Permit.objects.create(car_park=park, plate="PE12MIT", starts_at=ago(days=1))
    held(entry, "PE12MIT")
    entry.tell("backed_out", held(entry).pk)
    assert bar(park) == (0, 0, 0)


def test_a_number_that_a_person_counted_is_where_it_starts_anew(park, entry, room):
    held(entry)
    ParkingSession.objects.update(entered_at=ago(hours=3))
    counted = {"number": 30, "at": typed(ago(minutes=1))}
    page = " ".join(text(room.post("/occupancy/count/", counted, follow=True)).split())
    assert "between 19 and 21 of 50 places free" in page
    assert "Counted 30" in page
    held(entry, "BC23DEF")
    assert bar(park) == (30, 31, 32)
    assert "between 18 and 20 free" in text(room.get("/now/site/"))


def test_a_count_stands_for_a_day_and_then_the_surer_speaks(park, operator):
    said = {"by": operator, "noted_at": ago(days=2), "said_low": 0, "said_high": 0}
    park.counts.create(number=20, at=ago(hours=23), **said)
    assert bar(park) == (20, 20, 20)
    Count.objects.update(at=ago(hours=25), number=300)
    assert bar(park) == (0, 0, 0)


def test_a_count_is_kept_with_what_had_been_reckoned(park, entry, room, operator):
    held(entry)
    ParkingSession.objects.update(entered_at=ago(hours=2))
    room.post("/occupancy/count/", {"number": 4, "at": typed(ago(hours=1))})
    count = Count.objects.get()
    assert (count.number, count.said_low, count.said_high, count.by) == (4, 1, 1, operator)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"number": ""}, "Say how many you counted."),
        ({"number": "-1"}, "greater than or equal to 0"),
        ({"number": "9999999999"}, "less than or equal to"),
        ({"at": ""}, "required"),
        ({"at": "2020-01-01T00:00"}, "Choose a time of the last seven days."),
        ({"at": "2990-01-01T00:00"}, "Choose a time of the last seven days."),
    ],
)
def test_what_is_wrong_gets_a_sentence(park, room, changed, words):
    response = room.post("/occupancy/count/", {"number": 3, "at": typed(ago(minutes=2))} | changed)
    assert response.status_code == 422
    assert words in text(response)
    assert not Count.objects.exists()


def test_stays_whose_exit_was_missed_long_ago_fill_no_places(park):
    for number in range(30):
        ParkingSession.objects.create(
            car_park=park, plate=f"G0NE{number}", entered_at=ago(days=12, minutes=number)
        )
    for number in range(300):
        came = ago(days=5, minutes=number)
        ParkingSession.objects.create(
            car_park=park,
            plate=f"AB{number}",
            entered_at=came,
            left_at=came + timedelta(hours=1 + number % 3),
        )
    low, inside, high = bar(park)
    assert low <= inside <= high
    assert inside < 15  # thirty in the books


def test_a_vehicle_that_came_again_without_having_left_is_one(park):
    first = stays.enter(park, "AB12CDE", permit=None, entered_at=ago(days=3))
    stays.close_missed_exit(first, ago(minutes=5))
    stays.enter(park, "AB12CDE", permit=None, entered_at=ago(minutes=5))
    assert occupied(park, timezone.now()).inside == 1


def test_counts_are_for_those_who_may(park):
    count = {"number": 3, "at": typed(timezone.now())}
    assert browser(person("reviewer", "r")).post("/occupancy/count/", count).status_code == 403
    assert browser(person("engineer", "e")).get("/occupancy/").status_code == 403
    assert 'href="/occupancy/"' not in text(browser(person("engineer", "f")).get("/now/site/"))


def test_a_full_car_park_takes_no_more_queries_than_an_empty_one(park, entry, room):
    first = queries(room, "/occupancy/")
    for number in range(20):
        held(entry, f"AB{number:02}CDE")
    assert Passage.objects.count() == 20
    assert queries(room, "/occupancy/") == first


@pytest.mark.parametrize(
    ("missed", "said"),
    [
        (0.006, "About 0.6 % of the vehicles pass without having been read."),
        (
            0.03,
            "About 3.0 % of the vehicles pass without having been read. Some may leave and come back "
            "unseen, so no machine charges a stay of more than 28 min: see at which lanes vehicles slip "
            "through.",
        ),
    ],
)
def test_it_says_how_many_are_missed_and_what_follows(park, room, missed, said):
    park.missed, park.usual_stay = missed, timedelta(hours=1)
    park.measured_at = timezone.now()
    park.save()
    assert said in text(room.get("/occupancy/"))
