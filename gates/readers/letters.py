"""From the recogniser's probabilities to spellings: a small beam search over its CTC output."""

from collections import Counter, defaultdict
from itertools import groupby
from math import prod

import numpy as np

from gates.readers.weights import PLATE_LETTERS

BEAMS = 10
FLOOR = 1e-3  # a letter less probable than this at one step never leads to a better spelling
FAINT = 1e-6  # nor does a beginning so much less probable than the best one
MOST_ALTERNATIVES = 5
SAME_LOOK = {"O": "0", "I": "1"}  # no picture tells these apart
ZERO = 1e-12  # keeps the logarithm of what the recogniser rules out finite


def spellings(steps, beams=BEAMS):
    """What a crop could say, best first: a list of (text, probability).

    `steps` is time x 37: the probability of no letter, then of 0-9 and A-Z. Probabilities of the
    list sum to at most 1; what is missing belongs to spellings not listed.
    """
    open_ends = {"": (1.0, 0.0)}  # text -> probability of ending with no letter, with its letter
    for silence, heard in _moments(steps):
        open_ends = _kept(_extended(open_ends, silence, heard), beams)
    return [(text, min(sum(ends), 1.0)) for text, ends in open_ends.items()]


def alternatives(steps, text):
    """The characters that could stand at each place of `text`: (character, probability), best first.

    `steps` as for `spellings`; at most five for each place. They are the recogniser's own shares at
    the steps where it says that character, in the most probable way to say `text`. O and 0 count
    as one, I and 1 too: the spelling of `text` is kept where a place has that look.
    """
    if not text:
        return ()
    seen = _joined_looks(np.asarray(steps, float))
    seen = seen[_telling(seen)]
    letters = [PLATE_LETTERS.index(SAME_LOOK.get(letter, letter)) + 1 for letter in text]
    said_at = _aligned(seen, letters)
    return tuple(
        _shares(seen[said_at == place, 1:].sum(0), letter) for place, letter in enumerate(text)
    )


def pooled(lists, keep=BEAMS):
    """The mean of several lists of spellings: each crop has one vote, split as it doubts."""
    votes = Counter()
    for spelled in lists:
        for text, probability in spelled:
            votes[text] += probability / len(lists)
    return votes.most_common(keep)


# the beam search


def _moments(steps):
    """The steps that matter as (silence, letters heard); a pause of many steps is one moment."""
    steps = np.asarray(steps)
    heard = steps[:, 1:] > FLOOR
    for loud, run in groupby(
        zip(heard.any(1), steps, heard, strict=True), key=lambda each: each[0]
    ):
        if loud:
            yield from ((float(step[0]), _letters(step, places)) for _, step, places in run)
        else:
            yield prod(float(step[0]) for _, step, _ in run), ()


def _letters(step, places):
    return [(PLATE_LETTERS[i], float(step[i + 1])) for i in places.nonzero()[0]]


def _extended(open_ends, silence, heard):
    longer = defaultdict(lambda: [0.0, 0.0])
    for text, (quiet, sounding) in open_ends.items():
        longer[text][0] += (quiet + sounding) * silence
        for letter, probability in heard:
            if text.endswith(letter):
                # The same letter again needs a pause between; without one it is still the first.
                longer[text][1] += sounding * probability
                longer[text + letter][1] += quiet * probability
            else:
                longer[text + letter][1] += (quiet + sounding) * probability
    return longer


def _kept(open_ends, beams):
    best = sorted(open_ends.items(), key=lambda entry: -sum(entry[1]))[:beams]
    least = FAINT * sum(best[0][1])
    return {text: tuple(ends) for text, ends in best if sum(ends) > least}


# the alignment


def _joined_looks(steps):
    """The same steps with the probability of O given to 0 and that of I to 1."""
    joined = steps.copy()
    for letter, digit in SAME_LOOK.items():
        there, here = PLATE_LETTERS.index(letter) + 1, PLATE_LETTERS.index(digit) + 1
        joined[:, here] += joined[:, there]
        joined[:, there] = 0
    return joined


def _telling(seen):
    """Which steps to look at: those with a letter, and one of each pause between."""
    loud = (seen[:, 1:] > FLOOR).any(1)
    return loud | np.r_[True, loud[:-1]]


def _aligned(seen, letters):
    """For each step the place of the letter said there, or -1: the best path through CTC's states.

    The states are a pause, the first letter, a pause, ..., the last letter, a pause. Where there are
    too few steps for the letters, no place is said anywhere.
    """
    classes = np.zeros(2 * len(letters) + 1, int)
    classes[1::2] = letters
    # A letter may follow another one at once, unless it is the same: then a pause stands between.
    leaps = np.full(len(classes), -np.inf)
    leaps[3::2] = np.where(classes[3::2] == classes[1:-2:2], -np.inf, 0)
    costs = np.log(np.maximum(seen[:, classes], ZERO))
    best = np.full(len(classes), -np.inf)
    best[:2] = costs[0, :2]
    came = np.zeros(costs.shape, int)
    for at, cost in enumerate(costs[1:], 1):
        ways = np.full((3, len(classes)), -np.inf)
        ways[0], ways[1, 1:], ways[2, 2:] = best, best[:-1], best[:-2]
        ways[2] += leaps
        came[at] = ways.argmax(0)
        best = ways.max(0) + cost
    if np.isneginf(best[-2:]).all():
        return np.full(len(seen), -1)
    return _places(came, len(classes) - 1 - int(best[-2] > best[-1]))


def _places(came, state):
    """Back along the best path: places at letters, -1 at pauses."""
    places = np.full(len(came), -1)
    for at in range(len(came) - 1, -1, -1):
        places[at] = state // 2 if state % 2 else -1
        state -= came[at, state]
    return places


def _shares(weights, letter):
    """The likeliest characters of one place; `letter` is how that look is spelled there."""
    ranked = np.argsort(-weights, kind="stable")[:MOST_ALTERNATIVES]
    look = SAME_LOOK.get(letter, letter)
    return tuple(
        (
            letter if PLATE_LETTERS[i] == look else PLATE_LETTERS[i],
            float(weights[i] / weights.sum()),
        )
        for i in ranked
        if weights[i] > 0
    )
