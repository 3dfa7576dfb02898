"""The outbox on a real disk, and the courier that empties it over real HTTP."""

import pytest

from gates.lane.courier import Courier
from gates.lane.desk import Desk
from gates.lane.events import event
from gates.lane.outbox import Outbox

NOW = 1000.0
JPEG = b"\xff\xd8" + b"x" * 1000


@pytest.fixture
def outbox(tmp_path):
    return Outbox(tmp_path, megabytes=1, spare=0)


@pytest.fixture
def courier(outbox, server):
    lane_desk = Desk(server, "key")
    yield Courier(outbox, lane_desk)
    lane_desk.close()


def fill(outbox, *kinds):
    told = [event(kind, "p1") for kind in kinds]
    for each in told:
        outbox.add_event(each)
    return [each["id"] for each in told]


def refused(outbox):
    return sorted(path.name for path in (outbox.folder / "refused").iterdir())


def test_events_in_order_and_before_pictures(outbox, courier, desk):
    outbox.add_picture("p1", "scene", JPEG)
    ids = fill(outbox, "opened", "passed")
    courier.deliver(NOW)
    assert (list(desk.events), desk.pictures) == (ids, {})
    courier.deliver(NOW)
    assert desk.pictures == {("p1", "scene"): JPEG}
    assert outbox.waiting == 0
    assert [path for path in outbox.folder.rglob("*") if path.is_file()] == []


def test_what_waits_survives_a_restart_in_order(outbox, desk, server, tmp_path):
    ids = fill(outbox, "opened", "passed")
    outbox.add_picture("p1", "scene", JPEG)
    (tmp_path / "events" / "000000000009-half.json.new").write_text("{")
    again = Outbox(tmp_path)
    ids += fill(again, "backed_out")
    lane_desk = Desk(server, "key")
    Courier(again, lane_desk).deliver(NOW)
    lane_desk.close()
    assert list(desk.events) == ids
    assert len(again.pictures) == 1


def test_nothing_is_forgotten_while_the_server_is_away(outbox, courier, desk):
    fill(outbox, "opened", "passed")
    desk.mode = 503
    pauses = [courier.deliver(NOW) for _ in range(9)]
    assert outbox.waiting == 2
    assert pauses[0] <= 1.0
    assert 20 < pauses[-1] <= 36
    desk.mode = "ok"
    courier.deliver(NOW)
    assert (desk.kinds(), outbox.waiting) == (["opened", "passed"], 0)


def test_a_poisoned_event_is_set_aside_with_the_servers_sentence(outbox, courier, desk):
    fill(outbox, "opened", "nonsense", "passed")
    desk.poisoned = {"nonsense"}
    while outbox.waiting:
        courier.deliver(NOW)
    assert desk.kinds() == ["opened", "passed"]
    kept, why = refused(outbox)
    assert "kind is not known" in (outbox.folder / "refused" / why).read_text()
    assert "nonsense" in (outbox.folder / "refused" / kept).read_text()


def test_a_spoilt_file_is_set_aside(outbox, courier, desk):
    fill(outbox, "opened", "passed")
    outbox.events[0].path.write_bytes(b"\0\0\0")
    courier.deliver(NOW)
    assert desk.kinds() == ["passed"]
    assert len(refused(outbox)) == 2


def test_an_event_that_is_never_stored_does_not_stay_for_ever(outbox, courier, desk):
    fill(outbox, "opened")
    desk.store = lambda said: (200, {"stored": []})
    for step in range(12):
        courier.deliver(NOW + 1000 * step)
    assert outbox.waiting == 0
    assert len(refused(outbox)) == 2


def test_a_picture_of_an_unknown_passage_waits_and_lets_the_next_one_go(outbox, courier, desk):
    outbox.add_picture("p1", "scene", JPEG)
    outbox.add_picture("p2", "scene", JPEG)
    usual = desk.answer
    desk.answer = lambda method, path, body: (
        (404, {"error": "No such passage."}) if "/p1/" in path else usual(method, path, body)
    )
    courier.deliver(NOW)
    courier.deliver(NOW)
    assert set(desk.pictures) == {("p2", "scene")}
    desk.answer = usual
    courier.deliver(NOW + 10)
    assert set(desk.pictures) == {("p1", "scene"), ("p2", "scene")}


def test_pictures_make_room_for_newer_ones_and_events_are_never_dropped(outbox):
    fill(outbox, *["opened"] * 20)
    for number in range(15):
        outbox.add_picture(f"p{number}", "scene", b"\xff\xd8" + b"x" * 100_000)
    assert len(outbox.events) == 20
    assert outbox.dropped > 0
    assert outbox.pictures[-1].path.name.endswith("p14.scene.jpg")
    assert sum(item.size for item in (*outbox.events, *outbox.pictures)) <= 1_000_000


def test_no_room_at_all_drops_the_picture_and_keeps_the_event(tmp_path):
    outbox = Outbox(tmp_path, spare=10**9)
    outbox.add_picture("p1", "scene", JPEG)
    fill(outbox, "opened")
    assert (len(outbox.events), len(outbox.pictures)) == (1, 0)
