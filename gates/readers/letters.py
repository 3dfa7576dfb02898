"""From the recogniser's probabilities to spellings: a small beam search over its CTC output."""

from collections import Counter, defaultdict

from gates.readers.weights import PLATE_LETTERS

BEAMS = 10
FLOOR = 1e-3  # a letter less probable than this at one step never leads to a better spelling


def spellings(steps, beams=BEAMS):
    """What a crop could say, best first: a list of (text, probability).

    `steps` is time x 37: the probability of no letter, then of 0-9 and A-Z. Probabilities of the
    list sum to at most 1; what is missing belongs to spellings not listed.
    """
    open_ends = {"": (1.0, 0.0)}  # text -> probability of ending with no letter, with its letter
    for step in steps:
        open_ends = _kept(_extended(open_ends, step), beams)
    return [(text, min(sum(ends), 1.0)) for text, ends in open_ends.items()]


def _extended(open_ends, step):
    silence = float(step[0])
    heard = [(PLATE_LETTERS[i], float(p)) for i, p in enumerate(step[1:]) if p > FLOOR]
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
    return {text: tuple(ends) for text, ends in best if sum(ends) > 0}


def pooled(lists, keep=BEAMS):
    """The mean of several lists of spellings: each crop has one vote, split as it doubts."""
    votes = Counter()
    for spelled in lists:
        for text, probability in spelled:
            votes[text] += probability / len(lists)
    return votes.most_common(keep)
