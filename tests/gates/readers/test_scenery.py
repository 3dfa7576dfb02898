from gates.readers.scenery import LEARN_EVERY, STAYS_EMPTY, Scenery
from tests.gates.readers.films import Colours, car, clock, road


def scene(*cars, at=0.0):
    image = road()
    clock(image, at)
    for plate, middle in cars:
        car(image, plate, middle)
    return image


PARKED, PASSING = ("AB12CDE", (110, 200)), ("KLM4827", (420, 260))


def learnt(*images):
    scenery = Scenery()
    for number, image in enumerate(images):
        scenery.learn(image, number * LEARN_EVERY)
        scenery.learn(image, number * LEARN_EVERY + STAYS_EMPTY)
    return scenery


def seen(scenery, image):
    return [read.plate for read in scenery.without(Colours().read(image), image)]


def test_a_parked_car_is_no_news_and_a_passing_one_is():
    scenery = learnt(scene(PARKED))
    assert seen(scenery, scene(PARKED, PASSING, at=9)) == ["KLM4827"]


def test_another_plate_where_the_parked_one_was_is_a_vehicle():
    scenery = learnt(scene(PARKED))
    assert seen(scenery, scene(("KLM4827", PARKED[1]))) == ["KLM4827"]


def test_the_parked_car_that_drives_off_is_a_vehicle():
    scenery = learnt(scene(PARKED))
    assert seen(scenery, scene(("AB12CDE", (180, 260)))) == ["AB12CDE"]


def test_another_light_and_a_shaking_camera_change_nothing():
    scenery = learnt(scene(PARKED))
    dark = (scene(("AB12CDE", (112, 202))) * 0.8).astype("uint8")
    assert seen(scenery, dark) == []


def test_scenery_is_known_again_when_its_ground_changes():
    scenery = learnt(scene(PARKED))
    assert seen(scenery, scene(PARKED)) == []
    bright = scene()
    car(bright, *PARKED, body=(230, 230, 230))
    bright[bright.max(axis=2) < 30] = 140  # the letters' contrast is gone
    assert seen(scenery, bright) == []


def test_all_pictures_of_the_empty_lane_must_show_it():
    assert seen(learnt(scene(), scene(PARKED)), scene(PARKED)) == ["AB12CDE"]
    assert seen(learnt(scene(), scene(PARKED), scene(PARKED)), scene(PARKED)) == []


def test_a_picture_in_which_a_vehicle_was_coming_teaches_nothing():
    scenery = Scenery()
    scenery.learn(scene(PASSING), 0)
    assert seen(scenery, scene(PASSING)) == ["KLM4827"]
    scenery.learn(scene(), STAYS_EMPTY)
    assert seen(scenery, scene(PASSING)) == ["KLM4827"]


def test_without_a_picture_of_the_empty_lane_all_is_news():
    assert seen(Scenery(), scene(PARKED)) == ["AB12CDE"]


def test_another_size_of_frame_begins_anew():
    scenery = learnt(scene(PARKED))
    half = scene(PARKED)[::2, ::2].copy()
    assert seen(scenery, half) == ["AB12CDE"]
    scenery = learnt(scene(PARKED), half)
    assert seen(scenery, half) == []
