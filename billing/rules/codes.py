"""The codes of vouchers as people write them: letters and digits that nobody takes for one another."""

# Crockford's: without I, L, O and U, so that a code read aloud or off a crumpled slip is the same.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALIKE = str.maketrans("OIL", "011")
SHORT = 8  # letters: 40 random bits, for a person to type; guesses are counted
LONG = 26  # letters: 130 random bits, for a QR code that is printed in bulk
GROUP = 4


def canonical(typed):
    """The one spelling of a code: case, spaces, hyphens, O for 0 and I or L for 1 do not count.

    "" where the text cannot be a code.
    """
    letters = "".join(str(typed).upper().replace("-", " ").split()).translate(ALIKE)
    return letters if SHORT <= len(letters) <= LONG and set(letters) <= set(LETTERS) else ""


def grouped(code):
    """A code as it is printed: "7KQ29XHM" -> "7KQ2-9XHM"."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))
