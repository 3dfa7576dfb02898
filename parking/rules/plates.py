"""One spelling per plate; which misreads could be the same plate."""

import unicodedata

# The longest plates in use have 10 characters (ISO 7591 leaves room for 9); two to spare.
LONGEST = 12

# Letters of other scripts that are drawn like a Latin one. A plate is read by its shapes.
LOOKALIKES = str.maketrans("АВЕЁКМНОРСТУХІЈЅԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEEKMHOPCTYXIJSQWABEZHIKMNOPTYX")
FOLD = str.maketrans("OIQ", "010")
NO_PUNCTUATION = {"So", "Cc", "Sm", "Sc", "Cn"}  # symbols, control and unassigned characters


class NotAPlate(ValueError):  # noqa: N818
    """The text cannot be a number plate; the message says what to do."""


def canonical(text):
    """The one spelling of a plate: A-Z and 0-9 only, 1 to 12 characters.

    Case, spaces, hyphens, dots and accents do not count; look-alike Cyrillic and Greek letters
    become the Latin ones. Raises `NotAPlate`.
    """
    squeezed = []
    for character in unicodedata.normalize("NFKD", str(text)).upper().translate(LOOKALIKES):
        if character.isascii() and character.isalnum():
            squeezed.append(character)
        elif character.isalnum() or unicodedata.category(character) in NO_PUNCTUATION:
            raise NotAPlate(
                f"'{str(text)[:20]}' is not a number plate: use the letters A-Z and digits only."
            )
    if not squeezed:
        raise NotAPlate("A number plate has at least one letter or digit.")
    if len(squeezed) > LONGEST:
        raise NotAPlate(f"A number plate has at most {LONGEST} letters and digits.")
    return "".join(squeezed)


def folded(plate):
    """The plate with O and Q as 0 and I as 1: equal for plates that cameras cannot tell apart."""
    return plate.translate(FOLD)
