"""What stands in the control room's menu, for whom."""

import pytest

from gates.menu import SECTIONS, menu, nearest
from tests.gates.room import browser, person

ADDRESSES = [
    "/",
    "/review/",
    "/review/quality/",
    "/stays/",
    "/passages/",
    "/permits/",
    "/permits/pools/",
]


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/", "/"),
        ("/stays/", "/stays/"),
        ("/stays/7/", "/stays/"),
        ("/review/quality/", "/review/quality/"),
        ("/permits/pools/3/edit/", "/permits/pools/"),
        ("/permits/add/", "/permits/"),
        ("/sign-in/", None),
        ("/lanes/north/open/", None),
    ],
)
def test_a_page_belongs_to_the_nearest_one_above_it(path, page):
    assert nearest(path, ADDRESSES) == page


def names(entries):
    return [entry.words for entry in entries]


def test_an_operator_finds_every_page(operator):
    found = menu(operator, "/stays/")
    assert names(found) == list(SECTIONS)
    stays = next(section for section in found if section.here)
    assert (stays.words, names(stays.pages)) == ("Stays", [one.words for one in SECTIONS["Stays"]])
    assert [page.words for page in stays.pages if page.here] == ["Stays"]


def test_a_section_opens_at_the_first_page_that_the_person_may_see(db):
    engineer = person("engineer")
    assert [(one.words, one.path) for one in menu(engineer, "/")] == [
        ("Lanes", "/"),
        ("Stays", "/passages/"),
    ]


def test_the_pages_of_a_section_stand_beside_each_other(park, operator):
    page = browser(operator).get("/permits/pools/").content.decode()
    beside = page[page.index('aria-label="Permits"') :].partition("</nav>")[0]
    assert beside.count("<a ") == len(SECTIONS["Permits"])
    assert '<a href="/permits/pools/" aria-current="page">Pools</a>' in beside


def test_nobody_signed_in_sees_no_menu(park):
    page = browser().get("/sign-in/").content.decode()
    assert 'aria-label="Sections"' not in page
