"""What a driver sees of the evidence: the own plate's crop, and nothing else."""

import io
import uuid

import pytest
from django.utils import timezone
from PIL import Image

from billing import links
from gates import pictures
from gates.models import Lane, Passage
from parking.models import CarPark, ParkingSession


@pytest.fixture
def car_park(db, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return CarPark.objects.create(slug="town", name="Town")


@pytest.fixture
def stay(car_park):
    return ParkingSession.objects.create(
        car_park=car_park, plate="AB12CDE", entered_at=timezone.now()
    )


def jpeg(colour):
    kept = io.BytesIO()
    Image.new("RGB", (120, 30), colour).save(kept, "JPEG")
    return kept.getvalue()


def passage(stay, direction, **shown):
    """The stay's car at a lane, with pictures of these kinds in these colours."""
    now = timezone.now()
    lane = Lane(car_park=stay.car_park, name=f"lane-{direction}", direction=direction)
    lane.new_key()
    lane.save()
    seen = Passage.objects.create(
        id=uuid.uuid4(),
        lane=lane,
        session=stay,
        seen_at=now,
        received_at=now,
        asked_at=now,
        decided_at=now,
        plate=stay.plate,
        decision="open",
        reason="visitor",
    )
    for kind, colour in shown.items():
        pictures.keep(seen, kind, jpeg(colour), now)
    return seen


def look(client, stay):
    return client.get(links.pay_path(stay, stay.car_park) + "plate.jpg")


def colour_of(answer):
    body = b"".join(answer.streaming_content)
    return Image.open(io.BytesIO(body)).getpixel((60, 15))


def test_the_plate_at_the_entry_is_shown(client, stay):
    passage(stay, "out", plate="blue", scene="black")
    passage(stay, "in", plate="red", scene="black")
    answer = look(client, stay)
    assert answer["Content-Type"] == "image/jpeg"
    red, green, blue = colour_of(answer)
    assert red > 200
    assert max(green, blue) < 50


def test_it_is_kept_by_no_browser_and_shown_on_no_other_site(client, stay):
    passage(stay, "in", plate="red")
    answer = look(client, stay)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("shown", [{}, {"scene": "black"}])
def test_without_a_crop_a_drawing_says_so(client, stay, shown):
    passage(stay, "in", **shown)
    answer = look(client, stay)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert "no picture of the plate yet" in answer.content.decode()


def test_a_lost_file_is_no_crash(client, stay, tmp_path):
    passage(stay, "in", plate="red")
    for kept in tmp_path.rglob("*.jpg"):
        kept.unlink()
    assert look(client, stay)["Content-Type"] == "image/svg+xml"


def test_without_the_link_there_is_nothing(client, stay):
    passage(stay, "in", plate="red")
    other = CarPark.objects.create(slug="harbour", name="Harbour")
    assert client.get("/pay/town/forged/plate.jpg").status_code == 404
    assert client.get(links.pay_path(stay, other) + "plate.jpg").status_code == 404


def test_the_car_without_its_street_and_the_plate_where_no_such_picture_came(client, stay):
    seen = passage(stay, "in", plate="red", scene="black")
    address = links.pay_path(stay, stay.car_park) + "car.jpg"
    assert colour_of(client.get(address))[0] > 200
    pictures.keep(seen, "car", jpeg("blue"), timezone.now())
    assert colour_of(client.get(address))[2] > 200
