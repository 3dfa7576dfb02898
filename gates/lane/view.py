"""A lane's view: where in the picture its vehicles stand, and what is always to be seen."""

from gates.lane.road import WHOLE
from gates.readers.main_vehicle import in_lane
from gates.readers.scenery import Scenery


class View:
    """`zone` is x, y, width and height as shares of the picture, as the trigger `motion` has it."""

    def __init__(self, zone=WHOLE):
        self.zone, self.scenery = zone, Scenery()

    @classmethod
    def of(cls, trigger):
        """That of a trigger; one that watches no zone leaves the whole picture."""
        return cls(getattr(trigger, "zone", WHOLE))

    def empty(self, image, now):
        """A picture of the lane while no vehicle is there; `now` in monotonic seconds."""
        self.scenery.learn(image, now)

    def of_vehicle(self, reads, image):
        """What of a frame's reads speaks for the vehicle in the lane, its main plate first."""
        high, wide = image.shape[:2]
        return in_lane(self.scenery.without(reads, image), self.zone, (wide, high))
