"""The card of the weights: how they were made, from what, and what they can do."""

import hashlib

from training.lettering import fonts_for

CARD = """# The recogniser's own weights

`{name}` reads one line of a number plate: a crop of 48 x 192 pixels in, for each of 24 steps
the probabilities of 37 classes out (no letter, 0-9, A-Z). O is read as 0 and I as 1, because on most
plates they look the same; `formats.toml` tells them apart.

- **From:** the recogniser of PaddleOCR's PP-OCRv6 small, which is under the Apache License 2.0 and so is
  this file; its last layer cut down to a plate's letters, then all of it trained on.
- **Trained on:** {plates:,} crops of plates that `training/` drew, seed {seed}; no photograph. {fonts} fonts
  of Debian ({held_out} more kept for evaluation) and letters of our own strokes.
- **Made again by:** `python -m training --plates {plates} --seed {seed}` (requirements-training.txt,
  training/fonts.txt). The same drawn plates; the last digits of the weights depend on the machine.
- **File:** {size:.1f} MB, weights stored in 16 bits; SHA-256 `{digest}`.

## What it can do on drawn plates that it never saw

Other seeds and other fonts, one crop each, as hard as those of the training; photographs are measured by
`benchmarks/read.py`.

{figures}
## What it is not for

Lines of more than nine letters, letters other than A-Z, lines on top of each other: the reader lays
the two lines of a motorcycle's plate side by side first.
"""


def card(plates, seed, result, file, fonts):
    """The card as Markdown.

    `result` is an `evaluation.Result`, `file` the ONNX file, `fonts` are all that were drawn with.
    """
    stored = file.read_bytes()
    return CARD.format(
        name=file.name,
        plates=plates,
        seed=seed,
        fonts=len(fonts_for(fonts, held_out=False)),
        held_out=len(fonts_for(fonts, held_out=True)),
        size=len(stored) / 1e6,
        digest=hashlib.sha256(stored).hexdigest(),
        figures=figures(result),
    )


def figures(result):
    """The figures of an evaluation as two Markdown tables."""
    return f"{_rights(result)}\n{_reliability(result)}"


def _rights(result):
    rows = [(kind, seen, right / seen) for kind, (right, seen) in sorted(result.kinds.items())]
    rows.append(("all", result.seen, result.right))
    rows.append(("no plate, and none read", result.signs[1], result.silent))
    return _table(
        ["Kind", "Plates", "Right"], [(kind, seen, _percent(share)) for kind, seen, share in rows]
    )


def _reliability(result):
    rows = [
        (f"{low:.2f} to {high:.2f}", many, _percent(said), _percent(right))
        for low, high, many, said, right in result.table()
    ]
    return _table(["Said to be right", "Plates", "Said", "Right"], rows)


def _percent(share):
    return f"{100 * share:.1f} %"


def _table(heads, rows):
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)
