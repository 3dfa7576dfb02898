from datetime import UTC, datetime, timedelta

import pytest

from gates.cameras.drawing.turns import AT_THE_LINE, Car, Lane, Turn, position

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def after(seconds):
    return NOON + timedelta(seconds=seconds)


def drive(lane, cars, until, arm_up=lambda seconds: False):
    """Plays tenths of a second; returns what was written down: (id, how, stopped, left)."""
    written = []
    for tenth in range(int(until * 10)):
        gone = lane.step(cars, after(tenth / 10), arm_up(tenth / 10))
        if gone:
            stopped, left = ((at - NOON).total_seconds() for at in (gone.stopped_at, gone.left_at))
            written.append((gone.id, gone.how, round(stopped, 1), round(left, 1)))
    return written


def test_a_car_comes_nearer_stands_and_passes_under_the_camera():
    turn = Turn(Car("c1", NOON), NOON)
    coming = [position(turn, after(seconds)) for seconds in (0.2, 0.7, 1.4)]
    assert [p.size for p in coming] == sorted(p.size for p in coming)
    assert [p.ground for p in coming] == sorted(p.ground for p in coming)
    assert position(turn, after(1.5)) == AT_THE_LINE
    turn.see(after(60), arm_up=False)
    assert position(turn, after(60)).size == 1.0
    turn.see(after(61), arm_up=True)
    leaving = [position(turn, after(61 + seconds)) for seconds in (0.4, 0.8, 1.2, 1.6)]
    assert [p.size for p in leaving] == sorted(p.size for p in leaving)
    assert leaving[0] == AT_THE_LINE
    assert leaving[-1].ground > 1500
    assert position(turn, after(61 + 1.7)) is None


def test_a_car_that_backs_out_shrinks_upwards():
    turn = Turn(Car("c1", NOON, leaves="backs_out", after=2), NOON)
    turn.see(after(3.4), arm_up=False)
    assert position(turn, after(3.4)) == AT_THE_LINE
    turn.see(after(3.5), arm_up=False)
    leaving = [position(turn, after(seconds)) for seconds in (3.6, 4.2, 4.9)]
    assert [p.size for p in leaving] == sorted((p.size for p in leaving), reverse=True)
    assert [p.ground for p in leaving] == sorted((p.ground for p in leaving), reverse=True)
    assert position(turn, after(5.0)) is None


def test_nothing_is_there_before_its_turn():
    assert position(Turn(Car("c1", NOON), after(5)), after(4)) is None


def test_the_next_car_comes_when_the_lane_is_free_and_the_arm_is_down():
    cars = [Car("c2", after(0.1)), Car("c1", NOON)]
    up = lambda seconds: 3 <= seconds < 6 or seconds >= 10  # noqa: E731
    assert drive(Lane(), cars, 14, up) == [
        ("c1", "through", 1.5, 4.7),
        ("c2", "through", 7.5, 11.7),
    ]


def test_where_the_arm_is_held_open_cars_follow_after_a_while():
    cars = [Car("c1", NOON), Car("c2", NOON)]
    written = drive(Lane(), cars, 15, lambda seconds: True)
    assert written == [("c1", "through", 1.5, 3.2), ("c2", "through", 8.7, 10.4)]


def test_a_car_does_not_come_before_its_time_nor_twice():
    lane = Lane(finished=["c0"])
    cars = [Car("c0", NOON), Car("c1", after(5), leaves="backs_out", after=1)]
    assert drive(lane, cars, 30) == [("c1", "backs_out", 6.5, 9.0)]


def test_the_story_may_change_its_mind_about_a_waiting_car():
    lane = Lane()
    assert drive(lane, [Car("c1", NOON)], 10) == []
    assert lane.turn.stopped_at == after(1.5)
    lane.step([Car("c1", NOON, leaves="backs_out", after=0)], after(10), arm_up=False)
    assert lane.place(after(10)) == AT_THE_LINE
    assert lane.step([], after(12), arm_up=False).how == "backs_out"


def test_a_car_taken_from_the_scene_finishes_its_turn():
    lane = Lane()
    drive(lane, [Car("c1", NOON)], 3)
    assert [gone[0] for gone in drive(lane, [], 10, lambda seconds: True)] == ["c1"]


@pytest.mark.parametrize("pace", [2.0, 5.0])
def test_a_faster_pace(pace):
    turn = Turn(Car("c1", NOON), NOON, pace)
    assert turn.stopped_at == after(1.5 / pace)
    turn.see(after(2), arm_up=True)
    assert turn.gone(after(2 + 1.7 / pace)).left_at == after(2 + 1.7 / pace)
