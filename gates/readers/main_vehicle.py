"""Several plates in one picture: which of them is that of the vehicle in the lane?"""

FAINT = 0.2  # a read less sure than this goes after all others of its zone: it may be no plate
UNKNOWN = 0.5  # what a read without a confidence counts for
# Twice as near is worth more than very sure: the car behind must not pass for a dirty one in front.
SURENESS = 0.25
LOWEST = 0.5  # a plate at the upper edge is worth so much of one at the lower edge


def in_lane(reads, zone, size):
    """The reads of the vehicle in the lane's zone, the others after them; empty when none lies there.

    Without a plate in the zone a clear one beside it must not speak for the vehicle in the lane.
    """
    order = ranked(reads, zone, size)
    return order if order and within(order[0], zone, size) else []


def ranked(reads, zone, size):
    """All reads of a picture, the main vehicle's first: those in the zone, the nearest of them.

    `zone` is x, y, width and height as shares of the picture, as the trigger `motion` has it; `size`
    is the picture's width and height in pixels. Near plates are large and low in the picture. A clear
    plate outside the zone never goes before a doubtful one within it.
    """
    return sorted(reads, key=lambda read: _place(read, zone, size), reverse=True)


def within(read, zone, size):
    """Does the middle of the plate lie in the zone?"""
    x, y, wide, high = read.box
    across, down = (x + wide / 2) / size[0], (y + high / 2) / size[1]
    return 0 <= across - zone[0] <= zone[2] and 0 <= down - zone[1] <= zone[3]


def _place(read, zone, size):
    sure = UNKNOWN if read.confidence is None else read.confidence
    _, y, _, high = read.box
    nearness = near(high, y + high, size[1])
    return within(read, zone, size), sure >= FAINT, nearness * sure**SURENESS


def near(high, low, picture):
    """How near a plate is, by how `high` it is and how `low` it hangs in a picture so high.

    All in pixels; the figure says only which of two is nearer.
    """
    return high * (LOWEST + (1 - LOWEST) * low / picture)
