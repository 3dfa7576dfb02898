"""Fleets of sibling plates, and what a lane tells of them when their characters are hard to read.

With the noise as probability a character is hard to read. Then the frames speak for it or for the
character that it is confused with as strongly as they should: one that gives 9 to 1 is wrong once in
ten times. A half of that evidence is common to all frames, as dirt is. A plate that looks like another
in every frame without a doubt is not in it: nothing that a lane tells could reveal that.
Plates that differ only by O and 0, I and 1 are one plate to a camera, and are no neighbours here.
"""

import math
import random
import string
from dataclasses import dataclass

from gates.readers import Candidate, Read
from gates.rules.votes import ACCEPTED_AT, vote
from parking.rules.plates import folded

MEMBERS, NEIGHBOURS = 4, 4
FORM = "AA00AAA"  # the form of British plates: two letters, two digits, three letters
LETTERS = "".join(sorted(set(string.ascii_uppercase) - set("IOQ")))
KINDS = {"A": LETTERS, "0": string.digits}
CONFUSED = (
    *("B8", "S5", "Z2", "G6", "D0", "T7", "38", "17"),
    *("56", "VY", "MN", "EF", "CG", "UV", "PR", "KX"),
)
FRAMES = (3, 8)
SURE = 0.985  # what a frame gives a character that is easy to read
STRENGTH = (0.5, 4.0)  # how far apart a hard character's two readings are, in standard deviations


@dataclass(frozen=True)
class Fleet:
    """Plates that are one character from one another: with a permit, and without."""

    members: tuple[str, ...]
    neighbours: tuple[str, ...]


def fleet(chance, confused):
    """A firm's fleet; with `confused` the characters in which they differ are hard to tell apart."""
    while True:
        base = "".join(chance.choice(KINDS[kind]) for kind in FORM)
        siblings = {base}
        for _ in range(200):
            siblings.add(sibling(chance, chance.choice(sorted(siblings)), confused))
            looks = {folded(one): one for one in sorted(siblings)}
            if len(looks) == MEMBERS + NEIGHBOURS:
                plates = sorted(looks.values())
                chance.shuffle(plates)
                return Fleet(tuple(plates[:MEMBERS]), tuple(plates[MEMBERS:]))


def sibling(chance, plate, confused):
    """A plate that differs in one character; of the same kind, for that is how plates are given."""
    at = chance.randrange(len(FORM))
    others = KINDS[FORM[at]]
    if confused:
        others = partners(plate[at]) & set(others) or set(plate[at])
    return plate[:at] + chance.choice(sorted(others)) + plate[at + 1 :]


def partners(character):
    """What a camera confuses this character with."""
    pairs = (pair for pair in CONFUSED if character in pair)
    return {other for pair in pairs for other in pair if other != character}


def fleets(count, seed):
    """Fleets of which none has a plate that another one has, as cameras see them."""
    chance, seen, found = random.Random(seed), set(), []
    while len(found) < count:
        one = fleet(chance, confused=len(found) % 2 == 0)
        looks = {folded(plate) for plate in one.members + one.neighbours}
        if not looks & seen:
            seen |= looks
            found.append(one)
    return found


def noisy(chance, plate, noise):
    """What a lane tells of this plate after some frames: plate, confidence and candidates."""
    hard = {
        at: (chance.choice(sorted(partners(true))), chance.uniform(*STRENGTH))
        for at, true in enumerate(plate)
        if partners(true) and chance.random() < noise
    }
    # The logarithm of the odds for the true character is normal with mean d*d/2 and variance d*d: then
    # the frame's word is worth what it says. Half of it is shared by all frames.
    shared = {at: chance.gauss(d * d / 4, d / math.sqrt(2)) for at, (_, d) in hard.items()}
    frames = []
    for _ in range(chance.randint(*FRAMES)):
        odds = {
            at: shared[at] + chance.gauss(d * d / 4, d / math.sqrt(2))
            for at, (_, d) in hard.items()
        }
        frames.append([frame(plate, {at: (hard[at][0], odds[at]) for at in hard})])
    return told(vote(frames))


def frame(plate, hard):
    """The read of one frame; `hard`: place -> the other character, and the odds' logarithm."""
    spelled = [("", SURE ** (len(plate) - len(hard)))]
    for at, true in enumerate(plate):
        if at in hard:
            other, odds = hard[at]
            share = 1 / (1 + math.exp(-odds))
            choices = [(true, share), (other, 1 - share)]
        else:
            choices = [(true, 1.0)]
        spelled = [(head + c, p * q) for head, p in spelled for c, q in choices]
    best = sorted(spelled, key=lambda one: (-one[1], one[0]))[:10]
    sure = best[0][1]
    candidates = tuple(Candidate(*one) for one in best)
    return Read(best[0][0], sure, sure >= ACCEPTED_AT, (0, 0, 100, 30), candidates)


def told(verdict):
    """The part of an arrival that says what was read."""
    candidates = [
        {"plate": one.plate, "probability": one.probability} for one in verdict.candidates
    ]
    return {
        "plate": verdict.plate,
        "confidence": verdict.confidence if verdict.accepted else min(verdict.confidence, 0.5),
        "candidates": candidates,
    }


def exactly(plate):
    return {
        "plate": plate,
        "confidence": 0.99,
        "candidates": [{"plate": plate, "probability": 0.99}],
    }
