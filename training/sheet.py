"""A sheet of drawn crops, each with what the recogniser shall say below it."""

import cv2
import numpy as np

ACROSS, DOWN = 6, 16
LABEL = 18  # pixels
DARK_RED = (0, 0, 160)


def sheet(drawn):
    """A picture (BGR uint8) of the first batch of `drawn`, `ACROSS` crops in a row."""
    tiles = [_tile(crop, text) for crop, text in zip(*drawn[0], strict=True)]
    rows = [np.hstack(tiles[i : i + ACROSS]) for i in range(0, len(tiles), ACROSS)]
    return np.vstack(rows)


def _tile(crop, text):
    label = np.full((LABEL, crop.shape[1], 3), 255, np.uint8)
    said = text or "(no plate)"
    cv2.putText(label, said, (3, 13), cv2.FONT_HERSHEY_SIMPLEX, 0.42, DARK_RED, 1)
    return np.pad(np.vstack([crop, label]), ((2, 2), (3, 3), (0, 0)), constant_values=255)
