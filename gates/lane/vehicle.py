"""One vehicle at the lane: what was read of it, and what the server is told."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import uuid4

from gates.cameras import Frame
from gates.readers import Read
from gates.rules.votes import ACCEPTED_AT, ENOUGH_FRAMES, Verdict, alike, vote

MOST_FRAMES = 40  # of a vehicle that stands for an hour only the newest frames vote


@dataclass
class Vehicle:
    """A vehicle at the lane; its id is the passage's. Times with `_at` but `seen_at` are monotonic."""

    visit: int
    seen_at: datetime
    came_at: float
    home: tuple[str, ...] = ()  # countries of the site
    id: str = field(default_factory=lambda: str(uuid4()))
    frames: list[list[Read]] = field(default_factory=list)
    verdict: Verdict | None = None
    scene: Frame | None = None  # the picture to keep: that of the surest read
    best: Read | None = None
    read_at: float = float("-inf")
    ask_at: float = 0.0
    asked: bool = False
    opened: bool = False
    failures: int = 0  # how often the arm did not rise
    # What was read in a row of another plate where this vehicle stood, with the frames.
    strangers: list[tuple[Frame, list[Read]]] = field(default_factory=list)
    sent: set = field(default_factory=set)
    told_offline: tuple | None = None
    logged: tuple | None = None

    def add(self, frame, reads):
        """Let a frame's reads vote."""
        if self.scene is None:
            self.scene = frame
        if not reads:
            return
        self.frames = [*self.frames, reads][-MOST_FRAMES:]
        self.verdict = vote(self.frames, self.home)
        if self.best is None or (reads[0].confidence or 0) > (self.best.confidence or 0):
            self.best, self.scene = reads[0], frame

    def followed_by(self, frame, reads):
        """Are these the reads of the next vehicle? Bumper to bumper a trigger sees one.

        True once frames in a row are sure of another plate than this vehicle's; they are `strangers`.
        """
        self.strangers = [*self.strangers, (frame, reads)] if self.is_stranger(reads) else []
        other = vote([reads[:1] for _, reads in self.strangers], self.home)
        return other is not None and other.accepted and other.frames >= ENOUGH_FRAMES

    def is_stranger(self, reads):
        """Is the main plate surely not this vehicle's?"""
        if not self.accepted or not reads or alike(reads[0].plate, self.plate):
            return False
        return reads[0].accepted

    @property
    def accepted(self):
        return self.verdict is not None and self.verdict.accepted

    @property
    def plate(self):
        return self.verdict.plate if self.verdict else None

    def arrival(self, direction, engine):
        """The body of POST arrivals."""
        plate, confidence = self._told()
        return {
            "passage": self.id,
            "seen_at": self.seen_at.isoformat(),
            "plate": plate,
            "confidence": confidence,
            "candidates": [
                {"plate": each.plate, "probability": round(each.probability, 4)}
                for each in (self.verdict.candidates if self.verdict else ())
            ],
            "direction": direction,
            "country": self.verdict.country if self.verdict else None,
            "vehicle": None,
            "engine": engine,
            "quality": self._quality(),
        }

    def _quality(self):
        """How good the picture of the surest read is, where its reader measures that."""
        if self.best is None or self.best.quality is None:
            return None
        return {name: round(value, 3) for name, value in asdict(self.best.quality).items()}

    def _told(self):
        """Plate and confidence. The server acts on a sure one, so a plate that the votes do not
        accept is told as a candidate only when its number alone would look sure."""
        if self.verdict is None:
            return None, None
        sure = (self.verdict.confidence or 0) >= ACCEPTED_AT
        if sure and not self.verdict.accepted:
            return None, None
        return self.verdict.plate, self.verdict.confidence
