"""Which stay a vehicle at a lane is: taken where that is sure, shown to a person where it is not."""

import uuid

import pytest

from gates.models import Passage
from gates.passages import correct
from parking.models import BlockedPlate, CarPark, ParkingSession, Permit
from tests.gates.room import text
from tests.gates.test_arrivals import ago, inside


def could_be(**plates):
    return [{"plate": plate, "probability": share} for plate, share in plates.items()]


def came_in(entry, plate="AB12CDE", **read):
    """Let a visitor in as the lane read the plate; its stay, almost two hours old by now."""
    told = entry.ask(plate, **read).json()
    assert told["decision"] == "open"
    ParkingSession.objects.filter(pk=told["session"]).update(entered_at=ago(minutes=110))
    return ParkingSession.objects.get(pk=told["session"])


def test_a_plate_read_with_a_usual_confusion_finds_its_stay(entry, way_out):
    stay = came_in(entry, "AB12CDE")
    told = way_out.ask("A812CDE", confidence=0.92).json()
    assert (told["reason"], told["session"], told["due"]["amount"]) == ("due", stay.pk, 300)
    match = Passage.objects.get(lane=way_out.lane).match
    assert match["taken"] is True
    assert [one["session"] for one in match["ranked"]] == [stay.pk]
    assert match["probability"] + match["nobody"] == pytest.approx(1)


def test_a_read_too_doubtful_to_act_on_may_still_be_one_stay_only(entry, way_out):
    stay = came_in(entry, "AB12CDE")
    told = way_out.ask(confidence=0.6, candidates=could_be(AB12CDE=0.6, A812CDE=0.3)).json()
    assert (told["reason"], told["session"]) == ("due", stay.pk)


def test_a_misread_entry_is_found_by_its_second_candidate(entry, way_out):
    stay = came_in(
        entry, "AB12CDF", confidence=0.91, candidates=could_be(AB12CDF=0.91, AB12CDE=0.08)
    )
    told = way_out.ask("AB12CDE", confidence=0.99).json()
    assert (told["reason"], told["session"]) == ("due", stay.pk)


MUDDY = could_be(V437FDU=0.39, VA37EYDU=0.31, VA37EDU=0.12)  # nothing like its plate but the last


def test_a_stay_whose_plate_is_unlike_is_found_by_what_else_its_entry_read(entry, way_out):
    stay = came_in(entry, "V437FDU", confidence=0.39, candidates=MUDDY)
    told = way_out.ask("VA37EDU", confidence=0.99).json()
    assert (told["reason"], told["session"], told["due"]["amount"]) == ("due", stay.pk, 300)


def test_what_an_entry_read_besides_makes_no_stay_of_a_neighbour(entry, way_out):
    came_in(entry, "V437FDU", confidence=0.39, candidates=MUDDY)
    assert way_out.answer("VA37EDX", confidence=0.99) == "hold no_session"


def test_a_person_who_spelled_the_plate_leaves_no_other_reading(entry, way_out, operator):
    stay = came_in(entry, "V437FDU", confidence=0.39, candidates=MUDDY)
    correct(stay.passages.get(), "V437FDO", by=operator, why="By eye", now=ago())
    assert way_out.answer("VA37EDU", confidence=0.99) == "hold no_session"


def test_of_two_stays_that_it_could_be_a_machine_takes_neither(park, entry, way_out, room):
    one, other = came_in(entry, "AB12CDE"), came_in(entry, "AB12CDF")
    car = uuid.uuid4()
    read = could_be(AB12CDE=0.5, AB12CDF=0.45)
    told = way_out.ask("AB12CDE", confidence=0.5, candidates=read, passage=car).json()
    assert (told["decision"], told["reason"], told["due"]) == ("hold", "unreadable", None)
    match = Passage.objects.get(pk=car).match
    assert match["taken"] is False
    assert {each["session"] for each in match["ranked"]} == {one.pk, other.pk}
    assert ParkingSession.objects.filter(waiting_since=None).count() == 2
    page = text(room.get(f"/passages/{car}/"))
    assert "Not sure enough to take one" in page
    assert "AB12CDF" in page


def test_a_neighbour_that_is_no_usual_confusion_is_held_and_shown(entry, way_out, room):
    came_in(entry, "AB12CDE")
    car = uuid.uuid4()
    assert way_out.answer("AB12CDX", confidence=0.99, passage=car) == "hold no_session"
    assert "Which stay it is" in text(room.get(f"/passages/{car}/"))


def test_what_was_taken_is_shown_with_how_far_it_is_ahead(entry, way_out, room):
    came_in(entry, "AB12CDE")
    car = uuid.uuid4()
    way_out.ask(passage=car)
    assert "no other is like it" in text(room.get(f"/passages/{car}/"))


def test_a_visitor_comes_in_with_a_doubtful_plate_whichever_it_is(entry):
    read = could_be(AB12CDE=0.6, AB12CDF=0.35)
    assert entry.answer(confidence=0.6, candidates=read) == "open visitor"
    assert ParkingSession.objects.get().plate == "AB12CDE"


@pytest.mark.parametrize("plate", ["AB12CDE", "AB12CDF"])
@pytest.mark.parametrize("why", ["blocked", "inside", "full", "nothing else"])
def test_a_doubtful_plate_is_held_where_it_matters_which_it_is(park, entry, plate, why):
    if why == "blocked":
        BlockedPlate.objects.create(car_park=park, plate=plate, why="theft", starts_at=ago(days=1))
    elif why == "inside":
        inside(park, plate, hours=1)
    elif why == "full":
        park.places = 0
        park.save()
    listed = could_be(AB12CDE=0.6, AB12CDF=0.1 if why == "nothing else" else 0.35)
    held = entry.answer(confidence=0.6, candidates=listed)
    assert held == ("hold full" if why == "full" else "hold unreadable")


def test_a_permit_never_opens_for_a_doubtful_plate(park, entry):
    Permit.objects.create(car_park=park, plate="AB12CDE", holder="Smith", starts_at=ago(days=1))
    read = could_be(AB12CDE=0.6, AB12CDF=0.35)
    assert entry.answer(confidence=0.6, candidates=read) == "open visitor"
    assert ParkingSession.objects.get().permit is None


def test_a_correction_after_the_exit_leaves_a_stay_that_is_its_vehicles_all_the_same(
    entry, way_out, operator
):
    from gates.passages import correct

    stay = came_in(entry, "A812CDE", confidence=0.91)
    ParkingSession.objects.update(entered_at=ago(minutes=5))
    car = uuid.uuid4()
    assert way_out.answer("A812CDE", confidence=0.91, passage=car) == "open free"
    correct(Passage.objects.get(pk=car), "AB12CDE", by=operator, why="a B", now=ago())
    stay.refresh_from_db()
    assert stay.doubt == ""
    assert stay.left_at is not None


@pytest.mark.parametrize("missed", [0.005, 0.04])
@pytest.mark.parametrize(
    ("plate", "came", "left"),
    [
        (
            "ZYH6429",
            could_be(ZYH64Z9=0.46, ZYH69429=0.17, ZYH6428=0.15, ZYHG429=0.06, ZVH6429=0.05),
            could_be(ZYH64Z9=0.5, ZVH6429=0.3),
        ),
        (
            "NWH353",
            could_be(NWN353=0.4669, NWH358=0.1838, NWHL53=0.1297, NWHB53=0.113),
            could_be(WWH363=0.3357, NWH353=0.3048, NWHB53=0.1509, NWH358=0.0458, MWH353=0.0298),
        ),
    ],
)
def test_a_permit_holder_who_was_misread_twice_is_not_charged_as_a_visitor(
    park, entry, way_out, plate, came, left, missed
):
    CarPark.objects.update(missed=missed, measured_at=ago())  # and may be asked for two visits
    Permit.objects.create(car_park=park, plate=plate, holder="Smith", starts_at=ago(days=1))
    first, last = came[0], left[0]
    came_in(entry, first["plate"], confidence=first["probability"], candidates=came)
    told = way_out.ask(last["plate"], confidence=last["probability"], candidates=left).json()
    assert (told["decision"], told["due"]) == ("hold", None)


def test_a_visitor_who_was_read_well_pays_though_a_neighbour_has_a_permit(park, entry, way_out):
    Permit.objects.create(car_park=park, plate="AB12CDF", holder="Smith", starts_at=ago(days=1))
    came_in(entry, "AB12CDE", confidence=0.99)
    assert way_out.answer("AB12CDE", confidence=0.95) == "hold due"


def test_a_twin_whose_plate_a_person_has_spelled_is_another_vehicle(park, entry, operator):
    from gates.passages import correct

    inside(park, "AB10", hours=1)
    car = uuid.uuid4()
    assert entry.answer("AB1O", confidence=0.99, passage=car) == "hold already_inside"
    correct(Passage.objects.get(pk=car), "AB1O", by=operator, why="an O", now=ago())
    assert entry.answer("AB1O", confidence=0.99, passage=car) == "open visitor"
    assert ParkingSession.objects.filter(ParkingSession.OPEN).count() == 2
