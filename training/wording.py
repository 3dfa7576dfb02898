"""What stands on drawn plates, and the words around them that are no plate."""

# ruff: noqa: SIM905 - lists of words are easier to read and to add to as lines of text

import string

from training.chance import one_of

DIGITS, LETTERS = string.digits, string.ascii_uppercase
# L is a letter, D a digit, - a gap between groups. From the plates of many countries and states.
PATTERNS = """
LLDD-LLL LDDD-LLL LLL-DDDL LL-DDDD LLL-DDD
L-LDDDD LL-LDDD LLL-LLDD LL-LDDDD LLL-LDDD L-LLDDDD LL-LLDDD L-LDD
LL-DDD-LL DDDD-LLL DDD-LLL-DD L-DDDD-LL
LL-DDDDD LLL-DDDD LL-DDDL LLL-DDLL LLDDDDD LLDDDLL
DLD-DDDD DLD-DDDDD LL-DDDLL LL-DDD LLDDDLL
LLL-DDDD LLLDLDD LLL-DLDD LLLDDDD
DD-LLL-D LL-DD-LL DD-LL-DD D-LLL-DD LL-DDD-L
LL-DD-LLL L-DDD-LLL DD-L-DDD DLLL-DDD D-LLL-DDD
LLL-DDDD LLL-DDD DDD-LLL DDDD-LL LL-DDDD LDD-DDD LDDDDD LDD-LLL LLD-DDL DDD-LLD DDDLLL LLLDDD
DDDDLL LLL-DLD LDDDDDD DDDDDD DDDDDDD DLDD-DD DDDD-L LL-DDDDD DDLLDD LD-DDDD LLDDLL DLLDDD LDLDDL
LLD-DDD DLDDDL LLDDLD DLD-LDD
""".split()  # fmt: skip
# Where a kind of plate is nearly always worded alike, a reader should know so.
BRITISH = "LLDD-LLL LLDD-LLL LLDD-LLL LDDD-LLL LLL-DDDL LLL-DDDD".split()
BRAZILIAN = "LLL-DDDD LLL-DDDD LLLDLDD LLL-DLDD".split()
LINES = "LL LLL LLL DDD DDDD DDDD LDD DLDD LLDD DDL DDLL LLLD".split()  # of plates with two
HARD = """
2Z 8B 0D 0Q WM 4A 5S 6G B3 MN VY UV 1T 1L 7T CG PR FE EB HN KX 8S QO J1 71 96 38
""".split()

STATES = """
ALABAMA ALASKA ARIZONA ARKANSAS CALIFORNIA COLORADO CONNECTICUT DELAWARE FLORIDA GEORGIA HAWAII IDAHO
ILLINOIS INDIANA IOWA KANSAS KENTUCKY LOUISIANA MAINE MARYLAND MASSACHUSETTS MICHIGAN MINNESOTA
MISSISSIPPI MISSOURI MONTANA NEBRASKA NEVADA OHIO OKLAHOMA OREGON PENNSYLVANIA TENNESSEE TEXAS UTAH
VERMONT VIRGINIA WASHINGTON WISCONSIN WYOMING NEW~YORK NEW~JERSEY NEW~MEXICO NORTH~CAROLINA
SOUTH~DAKOTA WEST~VIRGINIA RHODE~ISLAND BRASIL SP-SAO~PAULO RJ-RIO~DE~JANEIRO MG-BELO~HORIZONTE
PR-CURITIBA RS-PORTO~ALEGRE ONTARIO QUEBEC ALBERTA MERCOSUR REPUBLICA~ARGENTINA
""".split()  # fmt: skip
SLOGANS = """
Sunshine~State Garden~State The~Golden~State Land~of~the~Lakes First~in~Flight Great~Lakes Empire~State
Wild~Wonderful The~Show-Me~State dmv.example.gov Famous~Potatoes Peach~State In~God~We~Trust
Live~Free Vacationland Land~of~Dreams Birthplace~of~Aviation The~Lone~Star~State Truckee~County
""".split()  # fmt: skip
SIGNS = """
AUTOHAUS MOTORS TOYS PARKING CITY~CARS TAXI POLICE EXIT ENTRANCE STOP SALE OPEN PIZZA HOTEL BANK
EXPRESS DELIVERY PLUMBING ELECTRIC SECURITY CAM~01 LANE~2 REC SPEED~LIMIT MAX TRUCKS BUS DIESEL
TURBO HYBRID QUATTRO SPORT LIMITED AUTO MOTO GARAGE SERVICE RENT~A~CAR FIRE AMBULANCE SCHOOL
""".split()  # fmt: skip
DEALERS = """
Autohaus~Meyer North~Motors citycars.example Garage~Central www.autos.example Best~Cars VALLEY~MOTORS
Smith~&~Sons Auto~Palace tel.~555~0134 Concessionaria~Sul LAKESIDE~AUTO
""".split()  # fmt: skip
BANDS = "D F E I P NL B PL CZ SK A RO GB UK IRL H HR S DK FIN L LT BR".split()


def plate_text(chance):
    """A plate's characters with gaps ("AB12-CDE"): three of four follow a pattern of some country."""
    if chance.random() < 0.05:  # somebody's choice
        return _word(chance).upper()[:8]
    text = _patterned(PATTERNS, chance) if chance.random() < 0.75 else _free(chance)
    return _sometimes_harder(text, chance)


def british(chance):
    """A British or Irish plate's characters; one in six is any country's."""
    return _mostly(BRITISH, chance)


def brazilian(chance):
    """A Brazilian plate's characters, old or Mercosul; one in six is any country's."""
    return _mostly(BRAZILIAN, chance)


def line_text(chance):
    """One line of a two-line plate: two to five characters, most of them as some country has them."""
    if chance.random() < 0.7:
        return _sometimes_harder(_patterned(LINES, chance), chance)
    return "".join(_any(chance) for _ in range(int(chance.integers(2, 6))))


def words(chance):
    """Something written that is no plate."""
    drawn = chance.random()
    return next(write(chance) for below, write in WRITERS if drawn < below)


def _sign(chance):
    return one_of(chance, one_of(chance, (STATES, SLOGANS, DEALERS, SIGNS))).replace("~", " ")


def _time(chance):
    """A date, a time of day or both, as a camera's own clock shows them."""
    day, month = f"{chance.integers(1, 29):02}", f"{chance.integers(1, 13):02}"
    year = str(chance.integers(2008, 2030))
    clock = f"{chance.integers(24):02}:{chance.integers(60):02}:{chance.integers(60):02}"
    return one_of(chance, (f"{year}-{month}-{day} {clock}", f"{day}/{month}/{year}", clock))


def _telephone(chance):
    area, exchange = chance.integers(200, 999), chance.integers(100, 999)
    return f"{area}-{exchange}-{chance.integers(1000, 9999)}"


def _word(chance):
    """Syllables that sound like a word."""
    text = "".join(_syllable(chance) for _ in range(int(chance.integers(2, 5))))
    return one_of(chance, (text, text.title(), text.lower()))


def _syllable(chance):
    start, vowel = one_of(chance, "BCDFGHKLMNPRSTVW"), one_of(chance, "AEIOU")
    return start + vowel + one_of(chance, ("", "", "N", "R", "S", "L"))


# Below which drawn share each of them writes.
WRITERS = ((0.45, _sign), (0.6, _time), (0.7, _telephone), (1.0, _word))


# the characters of a plate


def _mostly(patterns, chance):
    if chance.random() < 1 / 6:
        return plate_text(chance)
    return _sometimes_harder(_patterned(patterns, chance), chance)


def _patterned(patterns, chance):
    return "".join(_character(c, chance) for c in one_of(chance, patterns))


def _character(kind, chance):
    stock = {"L": LETTERS, "D": DIGITS}.get(kind)
    return one_of(chance, stock) if stock else kind


def _any(chance):
    return _character("L" if chance.random() < 0.5 else "D", chance)


def _free(chance):
    """Any four to eight characters, half of them with a gap."""
    text = "".join(_any(chance) for _ in range(int(chance.integers(4, 9))))
    if chance.random() < 0.5:
        gap = int(chance.integers(1, len(text)))
        text = f"{text[:gap]}-{text[gap:]}"
    return text


def _sometimes_harder(text, chance):
    """In one of three, one or two characters become such as are easily taken for another."""
    if chance.random() >= 0.35:
        return text
    for _ in range(int(chance.integers(1, 3))):
        place = int(chance.integers(len(text)))
        pair = one_of(chance, HARD)
        same = [c for c in pair if text[place].isalpha() == c.isalpha() and text[place] != "-"]
        if same:
            text = text[:place] + one_of(chance, same) + text[place + 1 :]
    return text
