"""The live list of passages, one passage with its history, and a person's correction."""

import uuid

import pytest

from gates.models import Correction, Passage
from parking.models import CarPark, ParkingSession
from tests.gates.room import held, jpeg, queries, refreshing, text, version

CANDIDATES = [
    {"plate": "AB12CDE", "probability": 0.6},
    {"plate": "A812CDE", "probability": 0.1},  # what is left may be any plate: it is held
]


def test_the_empty_list_teaches(park, room):
    assert "appears by itself" in text(room.get("/passages/"))


def test_the_list_refreshes_itself_only_when_something_passed(entry, room):
    held(entry)
    seen = version(room.get("/passages/"), "passages-now")
    assert refreshing(room, "/now/passages/", show="all", have=seen).status_code == 204
    held(entry, "BC23DEF")
    assert "BC23DEF" in text(refreshing(room, "/now/passages/", show="all", have=seen))


@pytest.mark.parametrize(
    ("show", "plates"),
    [
        ("all", {"AB12CDE", "BC23DEF"}),
        ("held", {"BC23DEF"}),
        ("unread", {"BC23DEF"}),
        ("corrected", set()),
        ("no such chip", {"AB12CDE", "BC23DEF"}),
    ],
)
def test_chips_choose(entry, room, show, plates):
    held(entry)
    held(entry, "BC23DEF", confidence=0.3)
    page = text(room.get("/passages/", {"show": show}))
    assert {plate for plate in ("AB12CDE", "BC23DEF") if plate in page} == plates


def test_older_passages_are_on_the_next_page(entry, room):
    for number in range(41):
        held(entry, f"OLD{number:02}")
    assert "OLD00" not in text(room.get("/passages/"))
    older = text(room.get("/passages/", {"page": 2}))
    assert "OLD00" in older
    assert "hx-trigger" not in older.split("</header>", 1)[1]


def test_the_list_takes_the_same_number_of_queries_for_one_row_and_for_twenty(entry, room):
    held(entry)
    first = queries(room, "/passages/")
    for number in range(20):
        passage = held(entry, f"AB{number:02}CDE")
        entry.send_picture(passage.pk, "plate", jpeg())
    assert queries(room, "/passages/") == first


def test_a_passage_tells_its_whole_history(entry, room):
    doubtful = {"plate": "AB12CDE", "confidence": 0.6, "candidates": CANDIDATES}
    passage = held(entry, **doubtful)
    room.post("/lanes/north-entry/open/", {"why": "Plate checked by eye"})
    room.post(f"/passages/{passage.pk}/plate/", {"plate": "A812CDE", "why": "It is an 8"})
    entry.ask(passage=passage.pk, **doubtful)
    entry.tell("opened", passage.pk)
    entry.tell("passed", passage.pk)
    page = text(room.get(f"/passages/{passage.pk}/"))
    for words in (
        "Held: not sure of the plate (60%)",
        "olivia ordered: open (Plate checked by eye)",
        "olivia said that the plate is",
        "(It is an 8)",
        "The arm went up.",
        "The vehicle drove through.",
        "60% sure",
        "10%",
        "The camera read",
    ):
        assert words in page, words


def test_characters_that_the_reader_doubted_are_underlined(entry, room):
    passage = held(entry, "AB12CDE", confidence=0.6, candidates=CANDIDATES)
    assert 'A<span class="doubted">B</span>12CDE' in text(room.get(f"/passages/{passage.pk}/"))


def test_a_missing_confidence_is_not_a_hundred_percent(entry, room):
    passage = held(entry, confidence=None)
    page = text(room.get(f"/passages/{passage.pk}/"))
    assert "How sure it was is not known." in page
    assert "100%" not in page.split("<main", 1)[1]


def test_how_good_the_picture_was_is_told_in_words(entry, room):
    sharp = {"blur": 0.25, "contrast": 0.7, "clipping": 0.01, "height": 24}
    told, bare = held(entry, quality=sharp), held(entry, "BC23DEF")
    assert "Plate 24 px high, sharp, good contrast." in text(room.get(f"/passages/{told.pk}/"))
    assert "px high" not in text(room.get(f"/passages/{bare.pk}/"))


def test_a_correction_renames_the_stay_and_keeps_the_read(entry, room, operator):
    passage = held(entry)
    response = room.post(f"/passages/{passage.pk}/plate/", {"plate": "ab 12 cdf", "why": "Mud"})
    assert (response.status_code, response.url) == (302, f"/passages/{passage.pk}/")
    correction = Correction.objects.get()
    assert (correction.before, correction.after, correction.why) == ("AB12CDE", "AB12CDF", "Mud")
    assert correction.by == operator
    passage.refresh_from_db()
    assert (passage.plate, passage.plate_read) == ("AB12CDF", "AB12CDE")
    assert ParkingSession.objects.get().plate == "AB12CDF"


@pytest.mark.parametrize("typed", ["", "<b>", "A" * 200, "🚗🚗", "--"])
def test_what_is_no_plate_gets_a_sentence_and_the_form_stays(entry, room, typed):
    passage = held(entry)
    response = room.post(f"/passages/{passage.pk}/plate/", {"plate": typed, "why": "Seen by eye"})
    page = text(response)
    assert response.status_code == 422
    assert 'role="alert"' in page
    assert 'value="Seen by eye"' in page
    assert "<b>" not in page.split("<main", 1)[1].split("</form>")[0].replace("<b></b>", "")
    assert not Correction.objects.exists()


def test_look_alike_letters_become_the_ones_on_a_plate(entry, room):
    passage = held(entry, None, confidence=None)
    room.post(f"/passages/{passage.pk}/plate/", {"plate": "АВ12СЕ", "why": ""})  # Cyrillic
    assert Passage.objects.get().plate == "AB12CE"


def test_a_passage_of_another_car_park_is_not_there(entry, room):
    passage = held(entry)
    CarPark.objects.create(slug="abbey", name="Abbey")  # the first by name: the pages' car park
    assert room.get(f"/passages/{passage.pk}/").status_code == 404
    assert room.post(f"/passages/{passage.pk}/plate/", {"plate": "X1"}).status_code == 404
    assert room.get(f"/passages/{uuid.uuid4()}/").status_code == 404


# pictures


def test_a_picture_is_a_jpeg_for_one_person_only(entry, room, settings):
    passage = held(entry)
    entry.send_picture(passage.pk, "plate", jpeg())
    response = room.get(f"/pictures/{passage.pictures.get().pk}/")
    assert response.headers["Content-Type"] == "image/jpeg"
    assert b"".join(response.streaming_content).startswith(b"\xff\xd8\xff")
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_picture_whose_file_is_gone_is_not_found(entry, room, settings, tmp_path):
    passage = held(entry)
    entry.send_picture(passage.pk, "plate", jpeg())
    settings.MEDIA_ROOT = str(tmp_path / "elsewhere")
    assert room.get(f"/pictures/{passage.pictures.get().pk}/").status_code == 404
    assert room.get("/pictures/999999/").status_code == 404
