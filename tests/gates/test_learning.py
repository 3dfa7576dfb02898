"""What a lane takes for what is learnt from plates that are known, and shown with its counts."""

from django.core.management import call_command

from gates.learning import mistaken, table
from gates.models import Confusion, Lane, Passage
from gates.passages import correct
from parking.models import ParkingSession
from parking.rules.confusions import USUAL
from tests.gates.test_arrivals import ago
from tests.gates.test_matches import came_in


def corrected(box, true, read, operator):
    passage = box.ask(read, confidence=0.95).json()["passage"]
    correct(Passage.objects.get(pk=passage), true, by=operator, why="by eye", now=ago())


def learnt(box):
    call_command("learn")
    box.lane.refresh_from_db()
    return mistaken(box.lane)


def test_a_lane_that_has_learnt_nothing_reads_as_usual(way_out):
    assert table(way_out.lane) is USUAL


def test_corrections_teach_their_own_lane_and_no_other(way_out, second_exit, operator, capsys):
    corrected(way_out, "AH12CDE", "AN12CDE", operator)
    corrected(way_out, "BH12CDE", "BH12CE", operator)
    assert learnt(way_out) == [("D", "", 1, 2), ("H", "N", 1, 2)]
    assert learnt(second_exit) == []
    assert "exit: 2 known plates: D as - 1, H as N 1" in capsys.readouterr().out


def test_a_correction_of_a_correction_counts_as_it_was_meant(way_out, operator):
    corrected(way_out, "AH12CDE", "AN12CDE", operator)
    correct(Passage.objects.get(), "AM12CDE", by=operator, why="an M", now=ago())
    assert learnt(way_out) == [("M", "N", 1, 1)]
    assert learnt(way_out) == [("M", "N", 1, 1)]


def test_who_came_and_left_with_one_plate_says_that_both_were_right(entry, way_out):
    entry.ask("AB12CDE")
    way_out.ask("AB12CDE")
    assert learnt(way_out) == []
    for lane in (entry.lane, way_out.lane):
        counted = Confusion.objects.filter(lane=lane).values_list("true", "read", "count")
        assert set(counted) == {(letter, letter, 1) for letter in "AB12CDE"}


def test_a_stay_is_found_by_what_its_exit_takes_for_what(entry, way_out, operator):
    first = came_in(entry, "XH12CDE", confidence=0.99)
    read = {"confidence": 0.91}
    assert way_out.answer("XN12CDE", **read) == "hold no_session"
    for number in range(60):
        corrected(way_out, f"RH{number:02}XYZ", f"RN{number:02}XYZ", operator)
    learnt(way_out)
    told = way_out.ask("XN12CDE", **read).json()
    assert (told["reason"], told["session"]) == ("due", first.pk)


def test_the_counts_stand_with_the_lane(way_out, operator, admin_client):
    corrected(way_out, "AH12CDE", "AN12CDE", operator)
    page = f"/admin/gates/lane/{way_out.lane.pk}/change/"
    assert "not counted yet" in admin_client.get(page).content.decode()
    learnt(way_out)
    assert "H as N: 1 of 1" in admin_client.get(page).content.decode()
    assert Lane.objects.get().learnt_at is not None
    assert ParkingSession.objects.count() == 0
