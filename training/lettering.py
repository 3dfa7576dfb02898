"""Where the letters of drawn plates come from: dies of our own and the fonts that the system has."""

from training.chance import one_of
from training.fonts import installed, print_mask, usable
from training.strokes import any_die

DIES = 400
DIES_SHARE = 0.6  # of the plates; the others have a font's letters
EVERY, KEPT = 7, 3  # every seventh font, from the fourth on, is kept for evaluation


def fonts_for(fonts, held_out):
    """The fonts for evaluation (`held_out`) or all others, which are those for training."""
    return [font for i, font in enumerate(fonts) if (i % EVERY == KEPT) == held_out]


class Lettering:
    """A stock of dies and fonts; `files` are the font files, those of this system by default.

    Without any font all plates have letters of our own dies.
    """

    def __init__(self, chance, files=None, held_out=False):
        self.files = installed() if files is None else tuple(files)
        self.fonts = fonts_for(usable(self.files), held_out)
        self.dies = [any_die(chance) for _ in range(DIES)]

    def any(self, chance):
        """A die or a font: something with a `mask(character)`."""
        die = chance.random() < DIES_SHARE or not self.fonts
        return one_of(chance, self.dies if die else self.fonts)

    def print(self, text, style):
        """A line of small print as a mask, 0..255; `style` is any number."""
        file = self.files[(style * 17 + 5) % len(self.files)] if self.files else None
        return print_mask(text, file)
