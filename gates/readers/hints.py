"""Where a plate may be that hardly shows on a small frame: spots worth a closer look.

A plate some 15 pixels high on the map leaves no area there, but nearly always a trace. A closer look
at a trace costs a tenth of another look at the whole picture.
"""

import cv2

from gates.readers.areas import Area

TRACE = 0.01  # of the map, 0..1; where nothing is, it shows a thousandth
MOST_HINTS = 3
WIDE, HIGH = 60, 12  # map pixels of a plate that hardly shows
SMOOTHED = (9, 3)  # map pixels; a trace is as long as a line of letters


def hints(text_map, scale, found):
    """The strongest traces outside the areas `found`, as areas of a small plate's size, at most three.

    `text_map` and `scale` are as the engine gives them; the areas are in frame pixels.
    """
    traces = cv2.blur(text_map, SMOOTHED)
    for area in found:
        _wipe(traces, area.x * scale[0], area.y * scale[1], *_upright(area, scale))
    spots = []
    while len(spots) < MOST_HINTS:
        _, strength, _, (x, y) = cv2.minMaxLoc(traces)
        if strength < TRACE:
            break
        across, down = scale
        spots.append(
            Area((x + 0.5) / across, (y + 0.5) / down, WIDE / across, HIGH / down, 0, strength)
        )
        _wipe(traces, x, y, WIDE, HIGH)
    return spots


def _upright(area, scale):
    _, _, width, height = area.box
    return width * scale[0] / 2, height * scale[1] / 2


def _wipe(traces, x, y, right, down):
    """Nothing more shows so far to the right, to the left, above and below of a spot."""
    left, top = max(round(x - right), 0), max(round(y - down), 0)
    traces[top : round(y + down) + 1, left : round(x + right) + 1] = 0
