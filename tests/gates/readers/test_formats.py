import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.readers import formats
from gates.readers.formats import SAME_LOOK, countries, home_of, respelled

AS_LETTERS = str.maketrans("01", "OI")


def spelled(text, home=()):
    """The one spelling of a text, and its country."""
    [(plate, _)], country = respelled([(text, 1.0)], home)
    return plate, country


@pytest.mark.parametrize(
    ("home", "plates"),
    [
        ("GB", "AB12CDE BO01OXO LO10OLO A123BCD Q1ABC ABC123D ROO1B AIL1011 OIW100 BOO10"),
        ("IE", "131D12345 87LS1 06SO10101 222MO101 10D100000"),
        ("DE", "BMW101 MOL1001 BIO100E IO110H LOSAB101 FFBAM483 OFPS309E"),
        ("FR", "AB101CD ZZ001AA 1001ABC75 101AB10 11B2A"),
        ("ES", "1001BCD 0110LMZ M1010AB CO0101B"),
        ("IT", "AB101CD ZA010AA AA10101 MI101010 MIA10101"),
        ("PT", "AB10CD 1001AO 10OB10 AB1258"),
        ("NL", "GB101B G101BB 10BBB1 1BBB01 GBB01B BB10BB 01BBBB BBBB10 AD1010"),
        ("BE", "1ABC101 2XYZ010 ABC101 101ABC"),
        ("PL", "WO10101 PO1010A ZS101AC SI1A101 OP1AC10 OLEA101 KLA10AC DOA1A10 ZGO10A1 OPO1AC1"),
        ("CZ", "1B80338 4B01011 1AB1010 9ZA0101 PHA1010 AB1001"),
        ("SK", "BA100AB KO001OI RK101AO AA001AA"),
        ("AT", "W76067I S626VY ME639A KU217BI IO1 GU210AI"),
        ("CH", "ZH101010 TI1 OW10 AI100"),
        ("RO", "B101ABC B10ABC OT01ABC CJ10XOI IS11BOI"),
        ("BR", "ABC1010 OIO1010 BRA0S17 RIO2A18"),
        ("AR", "OIO101 AB101CD"),
        ("US", "ABC1010 ABC101 101ABC 1ABC101 1AB1010 AB10101 1010ABC ABCD10 AB1C1D A10BCD 1010AB"),
    ],
)
def test_at_home_a_plate_is_spelled_by_position_however_it_was_read(home, plates):
    for plate in plates.split():
        for read in (plate, plate.translate(SAME_LOOK), plate.translate(AS_LETTERS)):
            assert (read, *spelled(read, (home,))) == (read, plate, home)


@pytest.mark.parametrize(
    ("read", "plate", "country"),
    [
        ("S012ABC", "SO12ABC", None),  # British or Austrian
        ("AB12CDE", "AB12CDE", None),  # British or Romanian: Alba
        ("AX12CDE", "AX12CDE", "GB"),
        ("1234BCD", "1234BCD", None),  # Spanish or of Kansas
        ("1231BED", "1231BED", "US"),  # Spain uses no vowels
        ("0KL0817", "OKL0817", "BR"),
        ("4B04979", "4B04979", None),  # Czech or of Alabama
        ("BA1O0AB", "BA100AB", None),
        ("8RA0S17", "8RA0S17", None),
        ("BRAOS17", "BRA0S17", "BR"),
        ("131D12345", "131D12345", "IE"),
        ("W76067I", "W76067I", "AT"),
        ("WOBVW101", "WOBVW101", "DE"),
    ],
)
def test_without_a_home_the_commonest_spelling_is_taken(read, plate, country):
    assert spelled(read) == (plate, country)


@pytest.mark.parametrize(
    ("read", "home", "plate", "country"),
    [
        ("AB12CDE", ("GB",), "AB12CDE", "GB"),
        ("AB12CDE", ("RO", "GB"), "AB12CDE", "RO"),  # the first of ours
        ("AB12CDE", ("FR",), "AB12CDE", None),
        ("NY13834", (), "NY13834", None),
        ("NY13834", ("BR",), "NYI3834", "BR"),
        ("0B123", ("DE",), "OB123", "DE"),
        ("1AB1010", ("CZ", "SK"), "1AB1010", "CZ"),
        ("BRA0S17", ("SK",), "BRA0S17", "BR"),  # a visitor from far away
    ],
)
def test_formats_of_the_site_go_first(read, home, plate, country):
    assert spelled(read, home) == (plate, country)


@pytest.mark.parametrize(
    ("said", "home"), [([], ()), (["GB"], ("GB",)), (["ie", " GB "], ("IE", "GB"))]
)
def test_the_countries_of_a_site(said, home):
    assert home_of(said) == home


@pytest.mark.parametrize(
    ("said", "named"), [(["UK"], "'UK'"), (["GB", "x", ""], "'X' and ''"), ("GB", "'G' and 'B'")]
)
def test_a_country_without_formats_is_told_with_the_choices(said, named):
    with pytest.raises(ValueError, match="no plate formats of") as fault:
        home_of(said)
    choices = ", ".join(countries())
    assert str(fault.value) == f"no plate formats of {named}; there are those of {choices}"


@pytest.mark.parametrize("read", ["", "0", "GO0D10D0", "GWAGEN", "08E6CK", "0I1O0I1O0I1O", "Q0Q"])
def test_what_fits_no_format_stays_as_it_was_read(read):
    assert spelled(read) == (read, None)


def test_only_what_looks_the_same_is_respelled():
    assert spelled("AB12C8E", ("GB",)) == ("AB12C8E", None)
    assert spelled("AQ12CDE", ("GB",)) == ("AQ12CDE", None)


def test_a_spelling_that_fits_gains_and_all_stay_as_probable_together():
    ranked, country = respelled([("AX12C8E", 0.5), ("AX12CBE", 0.4)])
    assert [plate for plate, _ in ranked] == ["AX12CBE", "AX12C8E"]
    assert dict(ranked) == pytest.approx({"AX12CBE": 0.9 * 12 / 17, "AX12C8E": 0.9 * 5 / 17})
    assert country == "GB"


def test_at_home_it_gains_more():
    ranked, _ = respelled([("AB12C8E", 0.8), ("AB12CBE", 0.2)], ("GB",))
    assert dict(ranked) == pytest.approx({"AB12CBE": 0.6, "AB12C8E": 0.4})


def test_a_sure_read_stays_ahead_whatever_it_fits():
    ranked, country = respelled([("GWAGEN", 0.95), ("GW4GEN", 0.04)], ("SK",))
    assert (ranked[0][0], country) == ("GWAGEN", None)


def test_without_weighing_only_the_spelling_changes():
    read = [("AB12C8E", 0.5), ("AB12CD0", 0.3), ("AB12CDO", 0.1)]
    assert respelled(read, ("GB",), weigh=False)[0] == [
        ("AB12C8E", pytest.approx(0.5)),
        ("AB12CDO", pytest.approx(0.4)),
    ]


def test_spellings_that_become_equal_are_one():
    ranked, country = respelled([("ABO1CDE", 0.5), ("AB01CDE", 0.3)], ("GB",))
    assert (ranked, country) == ([("AB01CDE", pytest.approx(0.8))], "GB")


def test_nothing_read_stays_nothing():
    assert respelled([]) == ([], None)
    assert respelled([("AB12CDE", 0.0)]) == ([("AB12CDE", 0.0)], None)


def test_every_pattern_is_made_of_known_parts():
    file = Path(formats.__file__).with_suffix(".toml")
    patterns = [p for entry in tomllib.loads(file.read_text())["format"] for p in entry["patterns"]]
    assert [p for p in patterns if formats.PART.sub("", p).strip()] == []


def test_the_countries_that_have_formats():
    told = "AR AT BE BR CH CZ DE ES FR GB IE IT NL PL PT RO SK US"
    assert countries() == tuple(told.split())


plates = st.text(alphabet="ABCIOQSZ01258", max_size=12)
shares = st.lists(st.floats(0.0001, 1), min_size=1, max_size=10)
homes = st.lists(st.sampled_from([*countries(), "XX"]), max_size=3, unique=True).map(tuple)


@st.composite
def reads(draw):
    """Spellings that are as probable as something at most 1 allows."""
    parts = draw(shares)
    whole = draw(st.floats(0.01, 1))
    texts = draw(st.lists(plates, min_size=len(parts), max_size=len(parts), unique=True))
    return [(text, whole * part / sum(parts)) for text, part in zip(texts, parts, strict=True)]


def look(text):
    return text.translate(SAME_LOOK)


@given(reads(), homes)
def test_no_plate_is_rejected_or_made_up(spellings, home):
    ranked, _ = respelled(spellings, home)
    assert {look(text) for text, _ in ranked} == {look(text) for text, _ in spellings}


@given(reads(), homes, st.booleans())
def test_together_they_stay_as_probable_as_they_were(spellings, home, weigh):
    ranked, country = respelled(spellings, home, weigh=weigh)
    probabilities = [probability for _, probability in ranked]
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) == pytest.approx(sum(share for _, share in spellings))
    assert country is None or country in countries()


@given(reads(), homes)
def test_spelling_twice_is_spelling_once(spellings, home):
    once, country = respelled(spellings, home, weigh=False)
    again, same = respelled(once, home, weigh=False)
    assert ([text for text, _ in again], same) == ([text for text, _ in once], country)


@given(reads(), homes)
def test_the_order_of_what_was_read_does_not_matter(spellings, home):
    turned, same = respelled(spellings[::-1], home)
    ranked, country = respelled(spellings, home)
    assert dict(turned) == pytest.approx(dict(ranked))
    assert len(turned) == len(ranked)
    if len(ranked) > 1 and ranked[0][1] > ranked[1][1] * 1.000001:
        assert same == country
