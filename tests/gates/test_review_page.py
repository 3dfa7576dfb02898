"""The review page: what it shows, who may see it, and the pages of answers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gates import review
from gates.models import Case, Finding
from parking.doubts import raise_doubt
from parking.models import Doubt, ParkingSession
from tests.gates.room import browser, held, jpeg, person, queries, refreshing, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(park, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return person("reviewer", "ann")


@pytest.fixture
def desk(ann):
    """Ann's browser."""
    return browser(ann)


def inside(park, entry, plate, ago=timedelta(hours=2)):
    """A stay with the pictures of its entry."""
    passage = held(entry, plate)
    entry.send_picture(passage.pk, "plate", jpeg())
    entry.send_picture(passage.pk, "scene", jpeg())
    ParkingSession.objects.filter(plate=plate).update(entered_at=timezone.now() - ago)
    return ParkingSession.objects.get(plate=plate)


def doubted(park, plate):
    now = timezone.now()
    stay = ParkingSession.objects.create(
        car_park=park, plate=plate, entered_at=now - timedelta(hours=3), left_at=now
    )
    raise_doubt(stay, Doubt.CLOCK, at=now)
    return stay


def take(desk):
    return desk.post("/review/next/", headers={"HX-Request": "true"})


def press(desk, **told):
    case = Case.objects.get(closed_at=None, claimed_by__isnull=False)
    return desk.post(f"/review/{case.pk}/answer/", told, headers={"HX-Request": "true"})


def test_following_the_link_claims_nothing(park, way_out, desk):
    held(way_out, "N0B0DY")
    page = desk.get("/review/")
    assert page.status_code == 200
    assert "Take the next case" in text(page)
    assert not Case.objects.exists()


def test_a_case_shows_both_plates_their_characters_and_the_choices(park, entry, way_out, desk):
    stay = inside(park, entry, "AB12CDE")
    passage = held(way_out, "AF12CDE")
    way_out.send_picture(passage.pk, "plate", jpeg("black"))
    page = take(desk)
    sheet = page.context["sheet"]
    assert (sheet.entry.plate, sheet.passage) == ("AB12CDE", passage)
    assert [(one.choice.plate, one.stay) for one in sheet.offers] == [
        ("AB12CDE", stay),
        ("AF12CDE", None),
    ]
    assert "Differs: B above and F below at place 2." in text(page)
    assert text(page).count('alt="The plate"') == 2


def test_the_page_takes_the_same_number_of_queries_however_much_waits(park, entry, way_out, desk):
    inside(park, entry, "AB12CDE")
    held(way_out, "AF12CDE")
    held(way_out, "N0B0DY")
    take(desk)
    first = queries_of(desk)
    for number in range(8):
        doubted(park, f"D0UBT{number}")
        held(way_out, f"N0B0DY{number}")
    review.look_round(park, timezone.now())
    assert queries_of(desk) == first


def queries_of(desk):
    """How often the page, the case on it, and its bar ask the database."""
    number = Case.objects.get(claimed_by__isnull=False).pk
    with CaptureQueriesContext(connection) as asked:
        press(desk, plate="<not a plate>")
    return queries(desk, "/review/"), queries(desk, f"/now/review/?case={number}"), len(asked)


def test_a_number_chooses_and_the_next_case_is_there(park, entry, way_out, desk):
    inside(park, entry, "AB12CDE")
    passage = held(way_out, "AF12CDE")
    other = held(entry, None, confidence=None)
    take(desk)
    page = press(desk, choice="1")
    passage.refresh_from_db()
    assert passage.plate == "AB12CDE"
    assert page.context["sheet"].passage == other
    assert "You said: <b>AB12CDE</b>" in text(page)


@pytest.mark.parametrize("told", [{"choice": "9"}, {"choice": "x"}, {"what": "late"}, {}])
def test_an_answer_that_the_page_does_not_offer_is_refused(park, way_out, desk, told):
    held(way_out, "N0B0DY")
    take(desk)
    assert press(desk, **told).status_code == 400
    assert not Finding.objects.exists()


def test_a_plate_that_is_none_is_said_so_and_the_case_stays(park, way_out, desk):
    held(way_out, "N0B0DY")
    take(desk)
    page = press(desk, plate="<script>")
    assert page.status_code == 422
    assert "use the letters A-Z and digits only" in text(page)
    assert page.context["sheet"].case == Case.objects.get()


def test_undo_brings_the_case_back_or_says_why_not(park, entry, way_out, desk):
    passage = held(way_out, "N0B0DY")
    take(desk)
    press(desk, what="nobody")
    finding = Finding.objects.get()
    page = desk.post(f"/review/{finding.pk}/undo/", headers={"HX-Request": "true"})
    assert "Taken back." in text(page)
    assert page.context["sheet"].passage == passage
    press(desk, plate="AB12CDE")
    ParkingSession.objects.create(
        car_park=park, plate="AB12CDE", entered_at=timezone.now() - timedelta(minutes=5)
    )
    assert way_out.answer("N0B0DY", passage=passage.pk) == "open free"
    finding = Finding.objects.first()
    page = desk.post(f"/review/{finding.pk}/undo/", headers={"HX-Request": "true"})
    assert "The arm has opened for it" in text(page)


def test_nobody_takes_back_somebody_elses_answer(park, way_out, desk):
    held(way_out, "N0B0DY")
    take(desk)
    press(desk, what="nobody")
    other = browser(person("reviewer", "ben"))
    page = other.post(f"/review/{Finding.objects.get().pk}/undo/")
    assert "There is no such answer of yours." in text(page)
    assert Finding.objects.get().undone_at is None


def test_an_empty_queue_is_said_kindly(desk):
    assert "Nothing waits for you." in text(take(desk))


def test_a_case_that_is_gone_says_so_while_it_is_looked_at(park, way_out, desk):
    passage = held(way_out, "N0B0DY")
    page = take(desk)
    number = page.context["case"].pk
    way_out.tell("backed_out", passage.pk)
    take(browser(person("reviewer", "ben")))
    bar = refreshing(desk, "/now/review/", case=number)
    assert "This case has settled itself" in text(bar)


def test_the_bar_says_who_works_and_is_quiet_when_nothing_changed(park, way_out, desk):
    held(way_out, "N0B0DY")
    page = take(desk)
    number = page.context["case"].pk
    shown = refreshing(desk, "/now/review/", case=number)
    assert "ann" in text(shown)
    have = shown.wsgi_request.shown
    assert refreshing(desk, "/now/review/", case=number, have=have).status_code == 204


def test_the_menu_counts_what_waits(park, way_out, desk):
    assert '<span class="badge">' not in text(desk.get("/"))
    held(way_out, "N0B0DY")
    assert '<span class="badge">1<' in text(desk.get("/"))


def test_the_tasks_lead_to_the_queue(park, way_out, desk):
    held(way_out, "N0B0DY")
    assert "1 case to review" in text(desk.get("/now/tasks/"))


def test_a_second_look_shows_what_the_first_one_saw(park, way_out, desk, ann):
    from tests.gates.reviewing import in_the_sample

    held(way_out, "A812CDE", confidence=0.5)
    case = in_the_sample(park, ann)
    desk.post(f"/review/{case.pk}/answer/", {"plate": "AB12CDE"})
    other = browser(person("reviewer", "ben"))
    page = take(other)
    assert page.context["sheet"].read == "A812CDE"
    assert "AB12CDE" not in text(page)
    other.post(f"/review/{page.context['case'].pk}/answer/", {"plate": "AB12CDE"})
    quality = browser(person("auditor", "tom")).get("/review/quality/")
    together = quality.context["all"]
    assert (together.answers, together.asked, together.same) == (2, 2, 2)
    assert [name for name, _ in quality.context["people"]] == ["ann", "ben"]
    assert "2 of 2" in text(quality)


def test_another_car_parks_cases_are_not_there(park, way_out, desk):
    from parking.models import CarPark

    other = CarPark.objects.create(slug="zoo", name="Zoo")
    case = Case.objects.create(
        car_park=other,
        kind="doubtful",
        stay=ParkingSession.objects.create(
            car_park=other, plate="AB12CDE", entered_at=timezone.now()
        ),
        found_at=timezone.now(),
        wrong=1,
        money=1,
        harm=1,
    )
    assert desk.post(f"/review/{case.pk}/answer/", {"what": "nobody"}).status_code == 404
