from gates.lane.events import event, unknown
from gates.lane.journal import KEPT_LINES, Journal

AT = "2026-11-21T12:00:00+00:00"


def test_an_intent_without_result_is_open_until_it_is_told(tmp_path):
    path = tmp_path / "journal.jsonl"
    Journal(path).intend("i1", "open", AT, passage="p1", why="permit")
    again = Journal(path)
    assert list(again.open_intents) == ["i1"]
    again.result("i1", unknown(again.open_intents["i1"]))
    assert Journal(path).open_intents == {}
    assert Journal(path).is_unknown("p1")


def test_an_unknown_pulse_is_told_with_the_same_id_each_time():
    intent = {"intent": "i1", "act": "open", "at": AT, "passage": "p1"}
    assert unknown(intent)["id"] == unknown(intent)["id"]


def test_a_line_that_a_kill_cut_short_spoils_no_other(tmp_path):
    path = tmp_path / "journal.jsonl"
    Journal(path).intend("i1", "open", AT)
    with path.open("a") as file:
        file.write('{"intent": "i2", "ac')
    journal = Journal(path)
    assert list(journal.open_intents) == ["i1"]
    journal.intend("i3", "open", AT)
    assert list(Journal(path).open_intents) == ["i1", "i3"]


def test_orders_are_remembered(tmp_path):
    path = tmp_path / "journal.jsonl"
    Journal(path).intend("i1", "open", AT, order="7")
    assert Journal(path).knows("7")
    assert not Journal(path).knows("8")


def test_an_arm_held_open_is_remembered_through_a_long_time(tmp_path):
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    journal.intend("h", "hold_open", AT, order="1")
    journal.result("h", event("held_open"))
    with path.open("a") as file:
        line = '{"result": "i", "event": {"kind": "opened", "passage": "p"}}\n'
        file.write(line * 2 * KEPT_LINES)
    assert Journal(path).held
    assert len(path.read_text().splitlines()) == KEPT_LINES + 1
    again = Journal(path)
    again.intend("r", "release", AT)
    assert not Journal(path).held


def test_the_last_event_can_be_told_again(tmp_path):
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    assert journal.last_event is None
    journal.intend("i1", "open", AT, passage="p1")
    told = event("opened", "p1", ident="i1")
    journal.result("i1", told)
    assert Journal(path).last_event == told
