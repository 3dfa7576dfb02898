"""A passage's match and a stay's changes in a real browser: legible in both themes, wide and on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from gates.models import Change, Passage
from tests.gates.room import window
from tests.gates.test_matches import came_in, could_be
from tests.gates.test_pairing import came, told

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pages(entry, way_out, operator):
    """A vehicle that could be of two stays, and a long stay that became two; their addresses."""
    came_in(entry, "AB12CDE")
    came_in(entry, "AB12CDF")
    read = could_be(AB12CDE=0.5, AB12CDF=0.45)
    held = way_out.ask("AB12CDE", confidence=0.5, candidates=read).json()["passage"]
    came(entry, 9, "LM68EPC")
    for box, hours in ((way_out, 3), (way_out, 8), (entry, 4)):
        told(box, hours, "LM68EPC")
    Change.objects.update(refund=750)
    assert Passage.objects.get(pk=held).match["ranked"] != []
    changed = Change.objects.first().session_id
    return {"passage": f"/passages/{held}/", "stay": f"/stays/{changed}/"}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_are_legible(chrome, live_server, pages, operator, theme, width, tmp_path):
    context = window(chrome, live_server, operator, width, colours=theme)
    page = context.new_page()
    for name, address in pages.items():
        page.goto(address)
        page.screenshot(path=tmp_path / f"{name}-{theme}-{width}.png", full_page=True)
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.get_by_text("Owed back").count() >= 1
    context.close()
