"""Puts a lane's picture together: road, car, arm and the camera's own noise."""

from collections import OrderedDict
from functools import lru_cache

import cv2
import numpy as np

from gates.cameras.drawing.cars import draw_car
from gates.cameras.drawing.road import VANISHING, WIDE, draw_arm, draw_road

METRE = 355  # pixels for a metre at the stop line, in a picture 1280 wide
GRAIN = 64  # the noise tile is this much larger than the picture, to be laid on at random
SPRITES_KEPT = 3


class Painter:
    """Draws one lane again and again. All that does not change is drawn once and kept."""

    def __init__(self, width, height, light="evening", seed=0):
        self.width, self.height = width, height
        self.road = draw_road(width, height, light, seed)
        self.scale = width / WIDE
        self.cars = OrderedDict()
        self.still = (None, None)
        self.grain = _grain(width + GRAIN, height + GRAIN, seed)

    def picture(self, car, place, raised, number):
        """Frame `number`, BGR uint8. `car` and `place` may be None; `raised` is 0..1."""
        view = (car, place, round(raised, 3))
        if self.still[0] != view:
            self.still = (view, self._without_noise(car, place, raised))
        return self._noisy(self.still[1], number)

    def _without_noise(self, car, place, raised):
        picture = self.road.copy()
        if car and place:
            self._lay(picture, self._sprites(car), place)
        draw_arm(picture, raised)
        return cv2.blur(picture, (2, 2))

    def prepare(self, car):
        """Draws the car ahead of its coming, so that its first frame is not late; None is nothing to do."""
        if car:
            self._sprites(car)

    def _sprites(self, car):
        plate = (car.plate, car.country, _seed(car.id), car.readable, car.hidden, car.dirt)
        look = (car.colour, *plate)
        if look not in self.cars:
            self.cars[look] = _sizes(draw_car(*look))
            if len(self.cars) > SPRITES_KEPT:
                self.cars.popitem(last=False)
        self.cars.move_to_end(look)
        return self.cars[look]

    def _lay(self, picture, sizes, place):
        wanted = METRE * self.scale * place.size
        sprite = next((s for s in reversed(sizes) if s.scale >= wanted), sizes[0])
        grow = wanted / sprite.scale
        foot = (VANISHING[0] * self.scale, place.ground * self.scale)
        corner = [foot[0] - sprite.foot[0] * grow, foot[1] - sprite.foot[1] * grow]
        left, top = (max(int(np.floor(n)), 0) for n in corner)
        right = min(int(corner[0] + sprite.colour.shape[1] * grow) + 1, picture.shape[1])
        bottom = min(int(corner[1] + sprite.colour.shape[0] * grow) + 1, picture.shape[0])
        if right <= left or bottom <= top:
            return
        way = np.float64([[grow, 0, corner[0] - left], [0, grow, corner[1] - top]])
        size = (right - left, bottom - top)
        colour = cv2.warpAffine(sprite.colour, way, size)
        clear = cv2.warpAffine(sprite.clear, way, size, borderValue=(255, 255, 255))
        _blend(picture[top:bottom, left:right], colour, clear, place.solid)

    def _noisy(self, picture, number):
        chance = np.random.default_rng(number)
        x, y = chance.integers(0, GRAIN, 2)
        where = np.s_[y : y + self.height, x : x + self.width]
        brighter, darker = self.grain
        return cv2.subtract(cv2.add(picture, brighter[where]), darker[where])


def draw_scene(car=None, place=None, raised=0.0, size=(1280, 720), light="evening", seed=0):
    """One picture of the lane, BGR uint8: a `Car` at a `Place` (both may be None), arm 0..1."""
    return Painter(*size, light, seed).picture(car, place, raised, seed)


def _seed(name):
    """A number from a car's id that is the same in every process, which hash() is not."""
    return int.from_bytes(name.encode()[:64], "big") % (2**32 - 5)


def _sizes(sprite):
    """The sprite and its halves: far cars are shrunk from a small one, or their edges flicker."""
    sizes = [sprite]
    for _ in range(2):
        last = sizes[-1]
        half = [cv2.resize(x, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) for x in last[:2]]
        sizes.append(last._replace(
            colour=half[0], clear=half[1], foot=(last.foot[0] / 2, last.foot[1] / 2),
            scale=last.scale / 2,
        ))  # fmt: skip
    return sizes


def _blend(part, colour, clear, solid):
    if solid < 1:
        colour = cv2.convertScaleAbs(colour, alpha=solid)
        clear = cv2.addWeighted(clear, solid, np.full_like(clear, 255), 1 - solid, 0)
    cv2.multiply(part, clear, dst=part, scale=1 / 255)
    cv2.add(part, colour, dst=part)


@lru_cache(maxsize=4)
def _grain(width, height, seed):
    """A sensor's noise as two pictures, one to add and one to take away."""
    chance = np.random.default_rng(seed)
    noise = chance.normal(0, 2.6, (height, width, 3)) + chance.normal(0, 1.6, (height, width, 1))
    return np.maximum(noise, 0).round().astype(np.uint8), np.maximum(-noise, 0).round().astype(
        np.uint8
    )
