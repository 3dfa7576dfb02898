"""What a reader makes of a plate, from a seed: the right plate, a wrong one, or none.

The table of confusions is the generator's own, drawn from what cameras are known to mix up; the product's
has other numbers and is learnt on. What the reader claims is calibrated by construction: the probabilities
are drawn first, and then which of the claims is true, by just these probabilities.
"""

from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# true character -> what it is mistaken for, the likelier written more often
MISTAKEN = {
    "0": "OOODDQ86", "O": "000DDQC", "Q": "00OOG", "D": "00OOB", "C": "GGO0",
    "1": "IIIL77T", "I": "111LTJ", "L": "11IIE", "T": "77I1Y", "7": "11TTZ", "J": "1IU3",
    "8": "BBB330", "B": "88883RE", "3": "8889B", "E": "FFBL", "F": "EEPT", "P": "RRF",
    "5": "SSS66", "S": "5558", "6": "GGG885", "G": "666CC0", "9": "88443",
    "2": "ZZZ77", "Z": "2227", "4": "AAA9", "A": "444R", "R": "PPAK",
    "H": "MNNK", "M": "NNHW", "N": "MMHW", "W": "VVMN", "V": "YYUW", "U": "VVJ0",
    "Y": "VVX", "X": "KKY", "K": "XXRH",
}  # fmt: skip
LOST, ADDED, ANYTHING = 0.06, 0.04, 0.08  # shares of errors that are no look-alike
MORE_ERRORS = 0.15  # a plate with one error has a further one so often
NOTHING = 0.05  # of the reads that are not right, so many are of no plate at all
LISTED = 0.8  # of what a reader is not sure of, so much stands among its candidates
EASY_FAULT = 0.004  # the mean doubt of a good picture; the noise is made by the bad ones
HARD = (2.2, 1.8)  # Beta: how sure the reader is of a bad picture; 0.55 on average
COUNTRY_TOLD = 0.7


@dataclass(frozen=True)
class Seen:
    """What a lane says of a vehicle's plate; `truth` is what it is, for the one who counts."""

    truth: str
    plate: str
    confidence: float | None
    candidates: tuple[dict, ...]
    country: str = ""


class Reader:
    """Reads plates of which a share `noise` (0..1) is not read exactly. `chance` is its random.Random."""

    def __init__(self, noise, chance):
        self.noise = noise
        self.chance = chance
        self.easy_fault = min(EASY_FAULT, noise / 2)
        hard_fault = HARD[1] / sum(HARD)
        wrong = noise * (1 - NOTHING)
        self.hard = (wrong - self.easy_fault) / (hard_fault - self.easy_fault) if noise else 0.0

    def read(self, truth, country=""):
        """A `Seen` of this plate."""
        chance = self.chance
        if chance.random() < self.noise * NOTHING:
            return Seen(truth, "", None, ())
        hard = chance.random() < self.hard
        sure = chance.betavariate(*HARD) if hard else self._easily()
        claims = [sure, *self._doubts(1 - sure, chance.randint(2, 6) if hard else 2)]
        plates = self._plates(truth, self._true_one(claims), len(claims))
        listed = sorted(zip(claims, plates, strict=True), reverse=True)
        candidates = tuple({"plate": p, "probability": round(c, 4)} for c, p in listed if c > 5e-5)
        confidence, plate = listed[0]
        told = country if chance.random() < COUNTRY_TOLD else ""
        return Seen(truth, plate, round(confidence, 4), candidates, told)

    def _easily(self):
        if not self.easy_fault:
            return 1.0
        return 1 - min(self.chance.expovariate(1 / self.easy_fault), 0.5)

    def _doubts(self, rest, count):
        """What is not given to the first, split over so many more, each about half of the one before."""
        left, shares = rest * LISTED, []
        for _ in range(count - 1):
            share = left * self.chance.uniform(0.4, 0.7)
            shares.append(share)
            left -= share
        return [*shares, left]

    def _true_one(self, claims):
        """Which of the claims is true, by what they say; None: the truth is not among them."""
        point = self.chance.random()
        for number, claim in enumerate(claims):
            point -= claim
            if point < 0:
                return number
        return None

    def _plates(self, truth, at, count):
        """So many different plates that look like this one, with itself in its place (or nowhere)."""
        others = []
        while len(others) < count:
            other = self.mistaken(truth)
            if other != truth and other not in others:
                others.append(other)
        if at is not None:
            others[at] = truth
        return others

    def mistaken(self, plate):
        """The plate with an error or more."""
        plate = self._one_error(plate)
        while self.chance.random() < MORE_ERRORS:
            plate = self._one_error(plate)
        return plate

    def _one_error(self, plate):
        chance = self.chance
        kind, at = chance.random(), chance.randrange(len(plate))
        if kind < LOST and len(plate) > 4:
            return plate[:at] + plate[at + 1 :]
        if kind < LOST + ADDED and len(plate) < 9:
            return plate[:at] + chance.choice("1I" + plate[at] + ALPHABET) + plate[at:]
        looks = ALPHABET if kind < LOST + ADDED + ANYTHING else MISTAKEN[plate[at]]
        return plate[:at] + chance.choice(looks) + plate[at + 1 :]
