"""A reviewer at the keyboard, in a real browser, with cars as the demo draws them."""

from datetime import timedelta
from statistics import median

import cv2
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from gates.cameras.drawing.scene import draw_scene
from gates.cameras.drawing.turns import AT_THE_LINE, Car
from gates.models import Case, Finding, Passage
from parking.doubts import raise_doubt
from parking.models import BlockedPlate, Doubt, ParkingSession
from tests.gates.room import held, listening, person, window

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PLATE = (slice(416, 500), slice(518, 764))  # where a car that stands at the line has its plate


# The same key a moment after the next case came, in the page itself: no machine is slow between them.
PRESSED_AGAIN = """
    document.addEventListener("htmx:afterSwap", () => setTimeout(() => document.body.dispatchEvent(
        new KeyboardEvent("keydown", {key: "n", bubbles: true})), 50), {once: true})
"""


@pytest.fixture
def complaints():
    """What the browser's console complained of."""
    return []


@pytest.fixture
def sit_down(chrome, live_server, park, settings, tmp_path, complaints):
    """Opens the review page as this person, in a window of the size that is asked for."""
    settings.MEDIA_ROOT = str(tmp_path)
    settings.BASE_URL = live_server.url

    def opened(someone, width=1440, height=900, colours="light"):
        context = window(chrome, live_server, someone, width, height, colours)
        page = listening(context.new_page(), complaints)
        page.goto(f"{live_server.url}/review/")
        return page

    return opened


def jpeg(image):
    return cv2.imencode(".jpg", image)[1].tobytes()


def drives_up(lane_box, reads, plate, colour="#7a8793", dirt=0.0, **more):
    """A drawn car with this `plate` stands in the lane; `reads` is what its reader makes of it."""
    told = {"candidates": [{"plate": one, "probability": share} for one, share in reads]}
    first, share = reads[0] if reads else (None, None)
    passage = held(lane_box, first, **{"confidence": share, **told, **more})
    scene = draw_scene(
        Car(id=plate, comes_at=passage.seen_at, plate=plate, colour=colour, dirt=dirt), AT_THE_LINE
    )
    lane_box.send_picture(passage.pk, "scene", jpeg(scene))
    lane_box.send_picture(passage.pk, "plate", jpeg(scene[PLATE]))
    return passage


def stands(passage):
    """Its lane asks on and on, however slow the machine of this test is."""
    later = timezone.now() + timedelta(minutes=10)
    Passage.objects.filter(pk=passage.pk).update(asked_at=later)
    return passage


def came_in(entry, plate, ago=timedelta(hours=2), **look):
    """The stay of a drawn car that came in then."""
    passage = drives_up(entry, [(plate, 0.97)], plate, **look)
    entry.tell("opened", passage.pk)
    entry.tell("passed", passage.pk)
    ParkingSession.objects.filter(plate=plate).update(entered_at=timezone.now() - ago)
    Passage.objects.filter(pk=passage.pk).update(seen_at=timezone.now() - ago)
    return ParkingSession.objects.get(plate=plate)


def shows(page, number):
    """Wait for the case with this number."""
    expect(page.locator(f'form[action="/review/{number}/answer/"]').first).to_be_visible()
    # A key within 300 ms is taken for the second half of the one before.
    page.wait_for_timeout(320)


def case_of(page):
    action = page.locator("#case form[action$='/answer/']").first.get_attribute("action")
    return Case.objects.get(pk=action.split("/")[2])


def answered(page, case, key):
    """Press a key that answers this case, and wait until another one is there."""
    page.keyboard.press(key)
    expect(page.locator(f'form[action="/review/{case.pk}/answer/"]')).to_have_count(0)


# Cars inside whose plates are alike, with a colour for their owners.
SIBLINGS = {
    "AB10CDE": ("AE10CDE", "#7a8793"),
    "AE10CDE": ("AB10CDE", "#aa3322"),
    "KF21WXY": ("KE21WXY", "#22508a"),
    "KE21WXY": ("KF21WXY", "#3b6b46"),
    "LB19MNP": ("LE19MNP", "#b9b3a4"),
}


def a_morning(park, entry, way_out, second_entry):
    """Ten cases of all kinds; the plates that the vehicles really have, by their passages."""
    BlockedPlate.objects.create(car_park=park, plate="KX19BAD", why="Left without paying")
    for hours, (plate, (_, colour)) in enumerate(SIBLINGS.items(), start=1):
        came_in(entry, plate, timedelta(hours=hours), colour=colour)
    came_in(entry, "LE19MNP", timedelta(hours=9))
    doubted = came_in(entry, "D0UBTED", timedelta(hours=5))
    raise_doubt(doubted, Doubt.CLOCK, at=timezone.now())
    standing = [
        drives_up(way_out, [(other, 0.5), (plate, 0.4)], plate, colour, dirt=0.35)
        for plate, (other, colour) in SIBLINGS.items()
    ]
    standing += [
        drives_up(way_out, [("D0UBTED", 0.97)], "D0UBTED"),
        drives_up(way_out, [("N0B0DY", 0.97)], "N0B0DY"),
        drives_up(second_entry, [("KX19BAD", 0.95), ("KX19BAO", 0.05)], "KX19BAO"),
        drives_up(second_entry, [], "VE12HYC", dirt=0.6),
        drives_up(second_entry, [], "SU54WXY", dirt=0.6),
    ]
    plates = [*SIBLINGS, "D0UBTED", "N0B0DY", "KX19BAO", "VE12HYC", "SU54WXY"]
    return {stands(one).pk: plate for one, plate in zip(standing, plates, strict=True)}


def key_for(case, plate):
    """The key of the choice with this plate; `e` where it has to be typed."""
    offered = [one["plate"] for one in case.shown["choices"]]
    return str(offered.index(plate) + 1) if plate in offered else "e"


def test_ten_cases_by_keyboard_alone(
    park, entry, way_out, second_entry, sit_down, complaints, record_property, capsys
):
    plates = a_morning(park, entry, way_out, second_entry)
    page = sit_down(person("reviewer", "ann"))
    expect(page.locator("#question")).to_be_focused()
    undone = None
    for _ in range(10):
        case = case_of(page)
        shows(page, case.pk)
        if undone is None:  # the wrong key, and taken back
            answered(page, case, "n")
            page.wait_for_timeout(320)
            page.keyboard.press("u")
            expect(page.get_by_text("Taken back. Here it is again.")).to_be_visible()
            undone = case
            shows(page, case.pk)
        plate = plates.get(case.passage_id, "D0UBTED")
        key = "n" if case.kind == "unmatched" else key_for(case, plate)
        if key == "e":
            page.keyboard.press("e")
            page.keyboard.type(plate)
            key = "Enter"
        answered(page, case, key)
    expect(page.get_by_role("heading", name="Nothing waits for you.")).to_be_visible()
    taken_back = Finding.objects.exclude(undone_at=None)
    assert list(taken_back.values_list("case", "what")) == [(undone.pk, "nobody")]
    found = Finding.objects.filter(Finding.STANDS).select_related("passage")
    assert {one.passage_id: one.passage.plate for one in found if one.case.passage_id} == {
        passage: plate for passage, plate in plates.items() if plate != "D0UBTED"
    }
    assert not ParkingSession.objects.exclude(doubt="").exists()
    seconds = median(Finding.objects.values_list("seconds", flat=True))
    record_property("seconds_per_case", seconds)
    with capsys.disabled():
        print(f"\nten cases by keyboard: {seconds:.2f} s per case (median)")
    assert complaints == []


@pytest.mark.parametrize("width", [1440, 390])
def test_everybody_can_use_it_and_nothing_overflows(
    park, entry, way_out, second_entry, sit_down, width
):
    a_morning(park, entry, way_out, second_entry)
    page = sit_down(person("reviewer", "ann"), width=width)
    expect(page.locator("#question")).to_be_focused()
    seen = set()
    while page.locator("#case .review").count():
        case = case_of(page)
        shows(page, case.pk)
        if case.kind not in seen:
            assert Axe().run(page).violations_count == 0, case.kind
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        seen.add(case.kind)
        answered(page, case, "n")
    assert seen == {"unreadable", "unmatched", "doubtful", "blocked_hit"}
    expect(page.get_by_role("heading", name="Nothing waits for you.")).to_be_visible()
    assert Axe().run(page).violations_count == 0
    page.goto(page.url + "quality/")
    assert Axe().run(page).violations_count == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_double_press_does_not_answer_the_next_case(park, entry, way_out, sit_down):
    for plate in ("N0B0DY1", "N0B0DY2"):
        stands(drives_up(way_out, [(plate, 0.97)], plate))
    page = sit_down(person("reviewer", "ann"))
    case = case_of(page)
    shows(page, case.pk)
    page.evaluate(PRESSED_AGAIN)
    answered(page, case, "n")
    expect(page.locator("#question")).to_be_focused()
    page.wait_for_timeout(1000)
    assert Finding.objects.count() == 1


def test_the_empty_page_fills_itself_when_a_car_waits(park, way_out, sit_down, complaints):
    page = sit_down(person("reviewer", "ann"))
    expect(page.get_by_role("heading", name="Nothing waits for you.")).to_be_visible()
    stands(drives_up(way_out, [("N0B0DY", 0.97)], "N0B0DY"))
    expect(page.get_by_role("heading", name="Which stay ends here?")).to_be_visible()
    assert complaints == []


def test_a_mouse_does_the_same(park, entry, sit_down):
    stands(drives_up(entry, [], "AB12CDE"))
    page = sit_down(person("reviewer", "ann"))
    shows(page, case_of(page).pk)
    page.get_by_label("Type the plate").fill("ab12 cde")
    page.get_by_role("button", name="This is it").click()
    expect(page.get_by_text("You said: AB12CDE")).to_be_visible()
    page.wait_for_timeout(320)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back. Here it is again.")).to_be_visible()
