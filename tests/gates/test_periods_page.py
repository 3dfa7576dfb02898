"""The page of open barriers and dark lanes: added, ended, and settled with all that they touched."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from parking import periods
from parking.models import ParkingSession, Period
from tests.gates.room import browser, person, queries, text


def ago(**span):
    return timezone.now() - timedelta(**span)


def typed(at):
    return timezone.localtime(at, ZoneInfo("Europe/London")).strftime("%Y-%m-%dT%H:%M")


def period(park, *, minutes=60, until=30, lane="exit"):
    return periods.begin(
        park,
        lane,
        "gate_open",
        at=ago(minutes=minutes),
        until=until and ago(minutes=until),
        now=ago(minutes=minutes),
        cause="held up",
    )


def inside(park, plate="AB12CDE", **span):
    return ParkingSession.objects.create(
        car_park=park, plate=plate, entered_at=ago(**(span or {"hours": 5}))
    )


def test_the_empty_list_teaches(park, room):
    assert "appear here by themselves" in text(room.get("/periods/"))


@pytest.mark.parametrize(
    ("show", "lanes"), [("open", {"a", "b"}), ("running", {"b"}), ("all", {"a", "b", "c"})]
)
def test_chips_choose(park, room, show, lanes):
    period(park, lane="a")
    period(park, lane="b", until=None)
    settled = period(park, lane="c")
    periods.settle(settled, by=None, why="It told all", at=timezone.now())
    rows = room.get("/periods/", {"show": show}).context["rows"]
    assert {one.lane for one, _ in rows} == lanes


def test_it_says_how_many_stays_it_touched_before_they_are_settled(park, way_out, room):
    found = period(park)
    held = inside(park)
    inside(park, "BC23DEF", minutes=10)
    ParkingSession.objects.create(
        car_park=park, plate="CD34EFG", entered_at=ago(hours=2), left_at=ago(minutes=40)
    )
    assert way_out.answer() == "hold doubt"
    page = " ".join(text(room.get(f"/periods/{found.pk}/")).split())
    assert "It touched <b>2 stays</b>: 1 still inside. 1 is in doubt for it now." in page
    assert "Settle all 2 stays" in page
    response = room.post(f"/periods/{found.pk}/settle/", {"why": "Watched the lane"}, follow=True)
    assert "Settled by olivia" in text(response)
    assert way_out.answer() == "hold due"
    doubt = held.doubts.get()
    assert (doubt.settled_by.username, doubt.why) == ("olivia", "Watched the lane")


def test_settling_says_why(park, room):
    found = period(park)
    response = room.post(f"/periods/{found.pk}/settle/", {"why": ""})
    assert response.status_code == 422
    assert "Say what you looked at" in text(response)


def test_one_that_runs_is_ended_before_it_is_settled(park, room):
    found = period(park, until=None)
    response = room.post(f"/periods/{found.pk}/settle/", {"why": "Looked"})
    assert "It runs still. End it first" in text(response)
    page = text(room.post(f"/periods/{found.pk}/end/", follow=True))
    assert "Ended by olivia." in page
    found.refresh_from_db()
    ended = found.ends_at
    room.post(f"/periods/{found.pk}/end/")
    found.refresh_from_db()
    assert found.ends_at == ended


def test_a_person_adds_one_and_who_left_owing_in_it_is_looked_at(park, way_out, room):
    left = inside(park)
    ParkingSession.objects.filter(pk=left.pk).update(left_at=ago(minutes=40))
    form = {
        "lane": "exit",
        "kind": "gate_open",
        "starts_at": typed(ago(hours=1)),
        "ends_at": typed(ago(minutes=10)),
        "cause": "The arm was lifted by hand",
    }
    page = text(room.post("/periods/add/", form, follow=True))
    assert "The arm was lifted by hand. " in page
    assert "Added by olivia." in page
    assert [one.kind for one in left.doubts.all()] == ["gate_open"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"lane": "no-such-lane"}, "Select a valid choice"),
        ({"starts_at": ""}, "required"),
        ({"cause": ""}, "Say in a few words what happened."),
        ({"ends_at": "2019-05-01T08:00"}, "The end must come after the start."),
        ({"starts_at": "2200-01-01T00:00"}, "choose times until now"),
        ({"kind": "fog"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_gets_a_sentence_and_the_form_stays(park, way_out, room, changed, words):
    form = {"lane": "exit", "kind": "lane_dark", "starts_at": "2020-06-01T08:00", "cause": "Off"}
    response = room.post("/periods/add/", form | changed)
    assert response.status_code == 422
    assert words in text(response)
    assert not Period.objects.exists()


def test_two_of_a_kind_do_not_run_at_one_lane(park, way_out, room):
    period(park, until=None)
    form = {"lane": "exit", "kind": "gate_open", "starts_at": typed(ago(hours=2)), "cause": "x"}
    assert "One runs there already" in text(room.post("/periods/add/", form))


@pytest.mark.parametrize(
    ("role", "add", "settle"),
    [("operator", 200, 302), ("reviewer", 403, 302), ("auditor", 403, 403)],
)
def test_who_may_add_and_who_may_settle(park, role, add, settle):
    found, seat = period(park), browser(person(role))
    assert seat.get("/periods/add/").status_code == add
    assert seat.post(f"/periods/{found.pk}/settle/", {"why": "Looked"}).status_code == settle


def test_the_list_takes_the_same_number_of_queries_for_one_row_and_for_twenty(park, room):
    period(park)
    first = queries(room, "/periods/")
    for number in range(20):
        period(park, lane=f"lane-{number}")
    assert queries(room, "/periods/") == first


def test_the_stays_page_leads_there(park, room):
    assert 'href="/periods/"' in text(room.get("/stays/"))
