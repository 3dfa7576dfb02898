"""What a person who types a plate, or a part of it, could mean. Both texts are blurred
(`parking.rules.neighbours`), so that what cameras confuse is equal."""

from parking.rules.neighbours import cuts, near

FEWEST = 5  # characters that must be typed for more than the whole plate to be found
LACKING = 2  # characters of the beginning that may lack


def could_mean(typed, plate):
    """Whether the typed text is one edit at most from the whole plate, or its end with at most LACKING
    characters before it.

    With fewer than FEWEST characters it never is: a list of who is inside could be guessed together. A
    plate begins with what many share (district, year), and its end tells it from its neighbours: so it
    is the beginning that may lack. `benchmarks/guesses.py` measures what a guess is worth.
    """
    if len(typed) < FEWEST:
        return False
    return near(typed, plate) or (plate.endswith(typed) and len(plate) - len(typed) <= LACKING)


def backs(typed):
    """The keys "back" (`neighbours.Keys`) of the longer plates that end with this text."""
    lengths = range(len(typed) + 1, len(typed) + LACKING + 1)
    return {typed[-(length - cuts(length)[0]) :] for length in lengths}
