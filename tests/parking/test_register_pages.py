"""Permits and blocked plates: list, add, change, end."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from parking.models import BlockedPlate, CarPark, Permit
from parking.roles import group

LISTS = {"permits": (Permit, "holder"), "blocked": (BlockedPlate, "why")}


@pytest.fixture
def park(db):
    return CarPark.objects.create(slug="town", name="Town Square")


@pytest.fixture
def room(client, db):
    someone = User.objects.create_user("olivia")
    someone.groups.add(group("operator"))
    client.force_login(someone, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(response):
    return response.content.decode()


def rows(response):
    return [row.plate for row in response.context["page"]]


def written(at="permits", **fields):
    return {
        "plate": "ab 12 cde",
        LISTS[at][1]: "Smith & Co",
        "starts_at": "2026-06-01T08:00",
        **fields,
    }


@pytest.mark.parametrize(
    ("at", "words"), [("permits", "No permits yet. Add one"), ("blocked", "No plate is blocked")]
)
def test_an_empty_list_teaches(park, room, at, words):
    assert words in text(room.get(f"/{at}/"))


@pytest.mark.parametrize("at", LISTS)
def test_add(park, room, at):
    response = room.post(f"/{at}/add/", written(at), follow=True)
    row = LISTS[at][0].objects.get()
    assert (row.plate, row.car_park, row.ends_at) == ("AB12CDE", park, None)
    assert "AB12CDE added." in text(response)
    assert "Smith &amp; Co" in text(response)


def test_times_are_taken_in_the_car_parks_zone(park, room):
    room.post("/permits/add/", written(ends_at="2026-12-01T08:00"))
    permit = Permit.objects.get()
    assert permit.starts_at == datetime(2026, 6, 1, 7, tzinfo=UTC)  # British summer time
    assert permit.ends_at == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert 'value="2026-06-01T08:00"' in text(room.get(f"/permits/{permit.pk}/"))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"plate": ""}, "Type the plate"),
        ({"plate": "A" * 200}, "at most 12"),
        ({"plate": "<script>alert(1)</script>"}, "is not a number plate"),
        ({"plate": "🚗"}, "is not a number plate"),
        ({"holder": ""}, "required"),
        ({"holder": "x" * 81}, "at most 80"),
        ({"starts_at": "yesterday"}, "valid date"),
        ({"ends_at": "2026-05-01T08:00"}, "The end must come after the start."),
        ({"starts_at": "2026-03-29T01:30"}, "may not exist"),  # the clocks go forward
    ],
)
def test_what_is_wrong_gets_a_sentence_and_the_form_stays(park, room, fields, words):
    response = room.post("/permits/add/", written(note="second bay", **fields))
    assert response.status_code == 422
    assert words in text(response)
    assert 'value="second bay"' in text(response)
    assert "<script>alert" not in text(response)
    assert not Permit.objects.exists()


@pytest.mark.parametrize("at", LISTS)
def test_change(park, room, at):
    row = LISTS[at][0].objects.create(car_park=park, plate="AB12CDE", starts_at=timezone.now())
    room.post(f"/{at}/{row.pk}/", written(at, plate="BC23DEF"))
    row.refresh_from_db()
    assert (row.plate, getattr(row, LISTS[at][1])) == ("BC23DEF", "Smith & Co")


@pytest.mark.parametrize("at", LISTS)
def test_end_now_and_once(park, room, at):
    row = LISTS[at][0].objects.create(car_park=park, plate="AB12CDE", starts_at=timezone.now())
    room.post(f"/{at}/{row.pk}/end/")
    row.refresh_from_db()
    ended = row.ends_at
    assert LISTS[at][0].covering(park, row.plate, timezone.now()) is None
    room.post(f"/{at}/{row.pk}/end/")
    row.refresh_from_db()
    assert row.ends_at == ended


def test_a_permit_that_has_not_begun_never_begins(park, room):
    begins = timezone.now() + timedelta(days=3)
    permit = Permit.objects.create(car_park=park, plate="AB12CDE", starts_at=begins)
    room.post(f"/permits/{permit.pk}/end/")
    permit.refresh_from_db()
    assert Permit.covering(park, permit.plate, begins + timedelta(hours=1)) is None


def test_chips_and_search(park, room):
    now = timezone.now()
    day = timedelta(days=1)
    for plate, holder, starts_at, ends_at in (
        ("AB12CDE", "Smith & Co", now - day, None),
        ("BC23DEF", "St Mary's", now - day, now - day / 2),
        ("CD34EFG", "Smith & Co", now + day, None),
    ):
        Permit.objects.create(
            car_park=park, plate=plate, holder=holder, starts_at=starts_at, ends_at=ends_at
        )
    assert rows(room.get("/permits/")) == ["AB12CDE", "CD34EFG"]
    assert rows(room.get("/permits/", {"show": "ended"})) == ["BC23DEF"]
    assert rows(room.post("/permits/", {"find": "smith"})) == ["AB12CDE", "CD34EFG"]
    assert rows(room.post("/permits/", {"find": "c-2", "show": "all"})) == ["BC23DEF"]
    assert "Nothing with" in text(room.post("/permits/", {"find": "<b>"}))


@pytest.mark.parametrize("at", LISTS)
@pytest.mark.parametrize("find", ["oil 1", "0IL", "1Q", "OIL1Q"])
def test_a_search_finds_what_a_camera_may_have_made_of_a_plate(park, room, at, find):
    LISTS[at][0].objects.create(car_park=park, plate="01L10", starts_at=timezone.now())
    assert rows(room.post(f"/{at}/", {"find": find})) == ["01L10"]


def test_another_car_parks_permit_is_not_there(park, room):
    other = CarPark.objects.create(slug="west", name="West End")
    permit = Permit.objects.create(car_park=other, plate="AB12CDE", holder="Smith")
    assert rows(room.get("/permits/")) == []
    assert room.get(f"/permits/{permit.pk}/").status_code == 404
    assert room.post(f"/permits/{permit.pk}/end/").status_code == 404


def test_the_list_takes_the_same_number_of_queries_for_one_row_and_for_twenty(
    park, room, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries():
        with CaptureQueriesContext(connection) as asked:
            room.get("/permits/")
        return len(asked)

    Permit.objects.create(car_park=park, plate="AB12CDE", holder="Smith")
    first = queries()
    for number in range(20):
        Permit.objects.create(car_park=park, plate=f"AB{number}", holder="Smith")
    assert queries() == first


@pytest.mark.parametrize("at", LISTS)
@pytest.mark.parametrize("moment", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00"])
def test_a_time_that_no_page_could_show_is_refused(park, room, at, moment):
    for field in ("starts_at", "ends_at"):
        response = room.post(f"/{at}/add/", written(at, **{field: moment}))
        assert response.status_code == 422
        assert "between 1970 and 2999" in text(response)
    assert LISTS[at][0].objects.count() == 0


@pytest.mark.parametrize("at", LISTS)
def test_a_search_for_no_character_at_all(park, room, at):
    assert room.post(f"/{at}/", {"find": "\0"}).status_code == 200
