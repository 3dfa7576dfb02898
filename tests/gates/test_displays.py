"""The screen at a lane: the car that stands there, and no other."""

import re
import uuid
from datetime import timedelta as td

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from billing import links
from gates import displays
from gates.models import Passage
from gates.passages import give_order
from parking.models import ParkingSession
from tests.gates.room import refreshing, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def screen(way_out):
    """The address of the exit's screen, and a browser that has signed in nowhere."""
    return Screen(displays.address(way_out.lane).removeprefix("http://127.0.0.1:8000"))


class Screen:
    def __init__(self, address):
        self.address, self.client = address, Client()

    def says(self):
        """Everything that stands on it, in one line."""
        body = re.sub(r"(?s)<head>.*?</head>|<[^>]+>", " ", self.source())
        return re.sub(r"\s+", " ", body).strip()

    def source(self):
        return text(self.client.get(self.address))


def inside(park, plate="AB12CDE", **span):
    entered = timezone.now() - td(**(span or {"hours": 1, "minutes": 30}))
    return ParkingSession.objects.create(car_park=park, plate=plate, entered_at=entered)


def test_while_nobody_is_there_it_says_how_to_pay(screen):
    assert "Town Square" in screen.says()
    assert "127.0.0.1:8000/pay/town" in screen.says()
    assert "<svg" not in screen.source()


def test_a_car_that_owes_sees_its_plate_its_price_and_a_code(screen, park, way_out):
    session = inside(park)
    told = way_out.ask().json()
    says = screen.says()
    assert "AB12CDE 3.00 GBP Please pay 3.00 GBP on your phone." in says
    assert displays.code(told["pay_url"]) in screen.source()
    token = told["pay_url"].rsplit("/", 2)[-2]
    assert links.session_of(token, park) == session
    assert links.read(token, park).by == links.By.LANE


def test_the_code_leads_to_the_price_with_its_minutes(client, screen, park, way_out):
    session = inside(park)
    url = way_out.ask().json()["pay_url"]
    page = text(client.get(url.removeprefix("http://127.0.0.1:8000")))
    assert f"since {session.entered_at.astimezone(park.zone):%H:%M}" in page


def test_another_cars_stay_is_gone_from_it_with_the_car(screen, park, way_out, operator):
    inside(park)
    inside(park, "XY34ZZZ", hours=4, minutes=10)
    first = way_out.ask("AB12CDE").json()
    assert displays.code(first["pay_url"]) in screen.source()
    way_out.tell("backed_out", first["passage"])
    assert "AB12CDE" not in screen.source()
    assert "<svg" not in screen.source()
    second = way_out.ask("XY34ZZZ").json()
    assert "XY34ZZZ 7.50 GBP" in screen.says()
    assert "AB12CDE" not in screen.source()
    assert displays.code(first["pay_url"]) not in screen.source()
    assert displays.code(second["pay_url"]) in screen.source()


def test_a_read_that_changes_takes_its_code_with_it(screen, park, way_out):
    """First it was read as another car that is inside: that car's stay is not shown a moment longer."""
    inside(park)
    inside(park, "XY34ZZZ", hours=4, minutes=10)
    car = str(uuid.uuid4())
    first = way_out.ask("AB12CDE", passage=car).json()
    second = way_out.ask("XY34ZZZ", passage=car).json()
    assert first["pay_url"] != second["pay_url"]
    assert displays.code(second["pay_url"]) in screen.source()
    assert displays.code(first["pay_url"]) not in screen.source()


def test_a_car_whose_lane_asks_no_more_is_not_shown(screen, park, way_out):
    inside(park)
    way_out.ask()
    Passage.objects.update(asked_at=timezone.now() - td(seconds=11))
    assert "AB12CDE" not in screen.source()


def test_who_is_let_out_is_told_so_for_a_moment(screen, park, way_out):
    inside(park, minutes=5)
    told = way_out.ask().json()
    assert "AB12CDE Goodbye." in screen.says()
    assert "<svg" not in screen.source()
    way_out.tell("passed", told["passage"])
    assert "AB12CDE" not in screen.source()


def test_an_order_takes_the_code_away(screen, park, way_out, operator):
    inside(park)
    told = way_out.ask().json()
    give_order(way_out.lane, "open", by=operator, why="By eye", now=timezone.now())
    way_out.ask(passage=told["passage"])
    assert "<svg" not in screen.source()
    assert "Please drive on." in screen.says()


def test_nothing_new_is_no_answer(screen, park, way_out):
    inside(park)
    way_out.ask()
    have = re.search(r"have=([0-9a-f]+)", screen.source())[1]
    assert refreshing(screen.client, screen.address + "now/", have=have).status_code == 204
    Passage.objects.update(backed_out_at=timezone.now())
    assert refreshing(screen.client, screen.address + "now/", have=have).status_code == 200


def test_it_can_be_looked_at_and_nothing_else(screen):
    assert screen.client.post(screen.address).status_code == 405
    assert "<form" not in screen.source()
    assert "no-store" in screen.client.get(screen.address)["Cache-Control"]


def test_a_new_key_a_revoked_one_and_a_forged_address_end_it(screen, way_out):
    assert screen.client.get("/display/forged/").status_code == 404
    way_out.lane.revoked_at = timezone.now()
    way_out.lane.save()
    assert screen.client.get(screen.address).status_code == 404
    way_out.lane.new_key()
    way_out.lane.save()
    assert screen.client.get(screen.address).status_code == 404
    assert screen.client.get(displays.address(way_out.lane)[21:]).status_code == 200


def test_the_engineer_gets_its_address(capsys, way_out):
    call_command("lane", "display", "exit")
    assert capsys.readouterr().out.strip() == displays.address(way_out.lane)
    with pytest.raises(CommandError, match="no lane 'nowhere'; there are: exit"):
        call_command("lane", "display", "nowhere")


def test_it_asks_the_database_little(screen, park, way_out, django_assert_max_num_queries):
    inside(park)
    way_out.ask()
    with django_assert_max_num_queries(4):
        screen.source()
