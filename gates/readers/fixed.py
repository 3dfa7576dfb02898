"""The fake reader: says what it was told to say, so demo and tests need no networks."""

import json
from pathlib import Path

from gates.readers import Candidate, Read
from parking.rules.plates import canonical

EMPTY_ROAD = 12.0  # spread of grey levels below which nothing stands in the picture


class Fixed:
    """Reads the same plate in every picture that is not an empty road.

    `script` names a JSON file that is looked at each time: `{"plate": ..., "confidence": ...}`, or
    `null` for a vehicle whose plate cannot be read. It goes before `plate`.
    """

    engine = "fixed"

    def __init__(self, plate: str = "", confidence: float | None = 0.99, script: str = ""):
        self._told = {"plate": canonical(plate), "confidence": confidence} if plate else None
        self._script = Path(script) if script else None

    def read(self, image):
        """One read over the middle of the picture, or none."""
        told = self._now_told()
        if not told or image.std() < EMPTY_ROAD:
            return []
        plate, confidence = canonical(told["plate"]), told.get("confidence")
        height, width = image.shape[:2]
        return [
            Read(
                plate=plate,
                confidence=confidence,
                accepted=confidence is None or confidence >= 0.9,
                box=(width // 3, height // 2, width // 3, height // 6),
                candidates=() if confidence is None else (Candidate(plate, confidence),),
            )
        ]

    def close(self):
        """Nothing is held."""

    def _now_told(self):
        if self._script is None:
            return self._told
        try:
            return json.loads(self._script.read_text())
        except FileNotFoundError:
            return None
