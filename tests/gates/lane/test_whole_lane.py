"""The lane worker as a real process, against a server over real HTTP."""

import json
import time
from collections import Counter

import pytest

from tests.gates.lane.conftest import until
from tests.gates.lane.server import serving

pytestmark = pytest.mark.slow


@pytest.fixture
def running(site, desk):
    """A lane that is ready."""
    site.start()
    return site


def test_held_then_open_is_one_pulse(running, desk):
    desk.decision, desk.reason = "hold", "due"
    running.road("vehicle")
    until(lambda: len(desk.arrivals) >= 3)
    assert running.pulses() == 0
    desk.decision, desk.reason = "open", "settled"
    until(lambda: "opened" in desk.kinds())
    running.road("")
    until(lambda: "passed" in desk.kinds())
    until(lambda: len(desk.pictures) == 3)
    passage = desk.arrivals[0]["passage"]
    assert running.stop() == 0
    assert running.pulses() == 1
    assert {each["passage"] for each in desk.arrivals} == {passage}
    assert desk.kinds() == ["opened", "passed"]
    assert set(desk.pictures) == {(passage, kind) for kind in ("scene", "plate", "car")}
    assert all(jpeg[:2] == b"\xff\xd8" for jpeg in desk.pictures.values())
    assert desk.arrivals[0]["plate"] == "AB12CDE"
    assert "AB12CDE" not in running.log()


def test_backs_out_when_it_is_held(running, desk):
    desk.decision, desk.reason = "refuse", "blocked"
    running.road("vehicle")
    until(lambda: desk.arrivals)
    running.road("")
    until(lambda: desk.kinds() == ["backed_out"])
    assert running.pulses() == 0


@pytest.mark.parametrize(("hangs", "pulses"), [("before", 0), ("during", 1)])
def test_killed_around_the_pulse_never_pulses_again(site, desk, hangs, pulses):
    mark = site.folder / "mark"
    relay = f'journal = "{site.folder}/relay.jsonl"\nmark = "{mark}"\nhangs = "{hangs}"'
    site.start(f'driver = "tests.gates.lane.parts:SlowRelay"\n{relay}')
    site.road("vehicle")
    until(mark.exists)
    site.kill()
    asked = len(desk.arrivals)
    site.start()
    until(lambda: "pulse_unknown" in desk.kinds())
    beats = len(desk.beats)
    until(lambda: len(desk.beats) >= beats + 3)
    assert site.pulses() == pulses
    assert len(desk.arrivals) == asked
    assert desk.kinds() == ["pulse_unknown"]
    assert desk.of_kind("pulse_unknown")[0]["passage"] == desk.arrivals[0]["passage"]


def test_decides_alone_and_delivers_once_later(site, desk, server):
    desk.list["permits"] = [
        {"plate": "AB12CDE", "starts_at": "2020-01-01T00:00:00+00:00", "ends_at": None}
    ]
    site.start()
    until(lambda: (site.folder / "state" / "list.json").exists())
    desk.mode = 503
    waiting = site.folder / "state" / "outbox" / "events"
    for vehicles in (1, 2):
        opened = site.pulses()
        site.road("vehicle")
        until(lambda before=opened: site.pulses() == before + 1)
        site.road("")
        until(lambda told=3 * vehicles: len(list(waiting.glob("*.json"))) == told)
    assert desk.kinds() == []
    site.kill()
    desk.mode = "ok"
    site.start()
    until(lambda: len(desk.events) == 6 and len(desk.pictures) == 6)
    assert desk.kinds() == ["decided_offline", "opened", "passed"] * 2
    assert set(Counter(each["id"] for each in desk.told).values()) <= {1, 2}
    alone = desk.of_kind("decided_offline")[0]["detail"]
    assert (alone["decision"], alone["reason"], alone["list_version"]) == ("open", "permit", "v1")
    assert alone["arrival"]["plate"] == "AB12CDE"
    until(lambda: not list(waiting.iterdir()))


def test_an_order_is_carried_out_once_and_a_late_one_never(running, desk):
    desk.orders = [
        {"id": "7", "action": "open", "expires_in": 10},
        {"id": "8", "action": "open", "expires_in": -5},
    ]
    until(lambda: len(desk.beats) >= 4 and len(desk.events) >= 2)
    opened, failed = desk.of_kind("opened"), desk.of_kind("open_failed")
    assert [each["detail"]["order"] for each in opened] == ["7"]
    assert [each["detail"]["order"] for each in failed] == ["8"]
    assert running.pulses() == 1
    running.kill()
    running.start()
    beats = len(desk.beats)
    until(lambda: len(desk.beats) >= beats + 3)
    assert running.pulses() == 1


def test_an_order_opens_for_the_vehicle_that_is_held(running, desk):
    desk.decision, desk.reason = "hold", "unreadable"
    running.road("vehicle")
    until(lambda: desk.arrivals)
    desk.orders = [{"id": "9", "action": "open", "expires_in": 10}]
    until(lambda: "opened" in desk.kinds())
    desk.decision = "open"
    running.road("")
    until(lambda: "passed" in desk.kinds())
    assert running.pulses() == 1
    assert {each["passage"] for each in desk.events.values()} == {desk.arrivals[0]["passage"]}


def test_a_blind_camera_says_so_and_sees_again(running, desk):
    running.road("blind")
    until(
        lambda: (
            desk.beats and desk.beats[-1]["health"]["camera"] == "blind: somebody put a hat on it"
        )
    )
    running.road("")
    until(lambda: desk.beats[-1]["health"]["camera"] == "ok")
    running.road("vehicle")
    until(lambda: "opened" in desk.kinds())


def test_a_wrong_key_is_told_in_the_log_and_the_lane_goes_on(running, desk):
    desk.mode = 401
    running.road("vehicle")
    until(lambda: "the key is wrong or was revoked" in running.log())
    until(lambda: "decided alone" in running.log())
    desk.mode = "ok"
    until(lambda: "decided_offline" in desk.kinds())


def test_ends_at_once_while_the_server_is_away(running, desk):
    desk.mode = 503
    running.road("vehicle")
    until(lambda: running.log().count("nothing delivered") >= 4)  # the pause has grown to seconds
    asked = time.monotonic()
    assert running.stop() == 0
    assert time.monotonic() - asked < 2.5


def test_the_server_comes_back_after_having_been_away(site, desk, tmp_path):
    with serving(desk) as address:
        site.server = address
        site.direction = "out"
        site.start()
        site.road("vehicle")
    until(lambda: site.pulses() == 1)
    with serving(desk, port=int(address.rsplit(":", 1)[1])):
        until(lambda: desk.kinds()[:2] == ["decided_offline", "opened"], seconds=15)
    assert desk.of_kind("decided_offline")[0]["detail"]["reason"] == "alone"


def test_two_workers_never_share_a_lane(running):
    second = type(running)(running.folder, running.server)
    with pytest.raises(AssertionError):
        second.start()
    assert second.processes[0].wait(5) == 2
    assert "another worker uses 'state'" in running.log()
    second.close()


def test_what_is_written_down_explains_every_pulse(running, desk):
    running.road("vehicle")
    until(lambda: "opened" in desk.kinds())
    journal = (running.folder / "state" / "journal.jsonl").read_text().splitlines()
    intent, result = (json.loads(line) for line in journal)
    assert (intent["act"], intent["why"]) == ("open", "visitor")
    assert intent["passage"] == desk.arrivals[0]["passage"]
    assert result["result"] == intent["intent"] == desk.of_kind("opened")[0]["id"]
