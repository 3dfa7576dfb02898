"""`python -m training`: make the recogniser's own weights again, or look at what they are made from.

    python -m training                     draw, train, export, evaluate, write the card
    python -m training evaluate            how well the shipped weights read drawn plates
    python -m training sheet SHEET.png     a sheet of what is drawn

Training needs PyTorch (requirements-training.txt); training and evaluating need the fonts of
training/fonts.txt. A training that was cut off goes on where it was when it is started again.
"""

import argparse
import os
import sys
from pathlib import Path

import cv2

from gates.readers.engine import Engine
from gates.readers.weights import GENERAL, OURS, PLATE_RECOGNISER
from training.batches import Drawn
from training.card import card, figures
from training.evaluation import evaluated, letters_of
from training.fonts import installed, usable
from training.progress import Bar
from training.sheet import ACROSS, DOWN, sheet

PLATES = 100_000  # drawn for a training: an hour and a half on two cores
EVALUATED = 3000
FEWEST_FONTS = 30  # with fewer, the weights are not those of the card
STATE = Path("var/training/state.pt")


def main(words=None):
    """Do what the command line says."""
    given = _parser().parse_args(words)
    given.run(given)


def _parser():
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__.split("\n")[0])
    parser.set_defaults(run=train)
    parser.add_argument("--plates", type=int, default=PLATES, help="how many to draw (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="another seed draws other plates")
    parser.add_argument("--threads", type=int, default=min(os.cpu_count() or 1, 4))
    parser.add_argument("--out", type=Path, default=PLATE_RECOGNISER, help="the ONNX file to write")
    others = parser.add_subparsers(title="or")
    evaluating = others.add_parser("evaluate", help="read drawn plates that no training saw")
    evaluating.add_argument("--weights", choices=[OURS, GENERAL], default=OURS)
    evaluating.add_argument("--plates", type=int, default=EVALUATED)
    evaluating.set_defaults(run=evaluate)
    drawing = others.add_parser("sheet", help="a sheet of drawn crops with what they say")
    drawing.add_argument("file", type=Path)
    drawing.set_defaults(run=draw)
    return parser


def train(given):
    """Train the recogniser, write the file and its card, and show how well it reads."""
    need_fonts(installed())
    network = _learnt(given)
    given.out.write_bytes(network.exported().SerializeToString())
    STATE.unlink(missing_ok=True)
    result = _evaluated(letters_of(given.out, given.threads), EVALUATED)
    fonts = usable(installed())
    given.out.with_suffix(".md").write_text(
        card(given.plates, given.seed, result, given.out, fonts)
    )
    print(figures(result), end="")


def evaluate(given):
    """Show how well the weights that a reader uses read drawn plates."""
    need_fonts(installed())
    engine = Engine(given.threads, letters=given.weights)
    print(figures(_evaluated(engine.letters, given.plates)), end="")


def draw(given):
    """Write a sheet of drawn crops."""
    file, drawn = str(given.file), Drawn(ACROSS * DOWN, given.seed)
    if not (cv2.haveImageWriter(file) and cv2.imwrite(file, sheet(drawn))):
        sys.exit(f"{file} cannot be written; is it a .png in a folder that is there?")


def need_fonts(files):
    """Ends with a sentence where there are too few."""
    if len(files) < FEWEST_FONTS:
        sys.exit(
            f"{len(files)} plate-like fonts are installed, the weights need {FEWEST_FONTS} or more: "
            "sudo apt install $(cat training/fonts.txt)"
        )


def _learnt(given):
    # PyTorch is needed here alone.
    import torch

    from training.learning import Learning
    from training.network import Recogniser

    with Bar("Training", given.plates) as bar:
        learning = Learning(Recogniser(), given.plates, given.seed, given.threads, bar)
        if STATE.exists():
            _go_on(learning, torch.load(STATE))
        return learning.run(keep=_keep)


def _go_on(learning, state):
    try:
        learning.resume(state)
    except ValueError as error:
        sys.exit(f"{STATE} is {error}. Finish that one, or delete the file.")


def _keep(state):
    """The state on disk, whole or not at all."""
    import torch

    STATE.parent.mkdir(parents=True, exist_ok=True)
    unfinished = STATE.with_suffix(".new")
    torch.save(state, unfinished)
    unfinished.replace(STATE)


def _evaluated(letters, plates):
    with Bar("Evaluating", plates) as bar:
        return evaluated(letters, plates, tell=bar)


if __name__ == "__main__":
    main()
