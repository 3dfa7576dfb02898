"""The pages of the prices: their versions, the editor, what if, and the board that drivers read."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from billing.models import Tariff, WhatIf
from billing.prices import whatif
from billing.prices.versions import publish
from billing.rules.beginnings import BEGINNINGS
from tests.billing.prices.test_sheet import typed
from tests.billing.town import DEARER, TOWN, car, minutes
from tests.gates.room import browser, person, queries, text

pytestmark = pytest.mark.django_db
NEW = "/prices/versions/new/"
DAY = timedelta(days=1)


@pytest.fixture
def olivia(db):
    return person("operator", "olivia")


@pytest.fixture
def room(town, olivia):
    return browser(olivia)


def posts(client, document=DEARER, address=NEW, *, do="save", **changed):
    """Press a button of the editor, with the fields of this document and some of them changed."""
    data = typed(document, **changed)
    data.setlist("do", [do])
    data.setlist("after", ["1"])
    return client.post(address, dict(data.lists()))


# who may


@pytest.mark.parametrize(
    ("role", "list_of", "editor"),
    [("operator", 200, 200), ("auditor", 200, 403), ("reviewer", 403, 403), ("engineer", 403, 403)],
)
def test_who_may_look_and_who_may_change(town, role, list_of, editor):
    client = browser(person(role))
    assert client.get("/prices/").status_code == list_of
    assert client.get("/prices/versions/1/").status_code == list_of
    assert client.get(NEW).status_code == editor
    assert posts(client, do="look").status_code == editor
    assert client.post("/prices/versions/1/what-if/").status_code == (302 if editor == 200 else 403)
    assert client.post("/prices/versions/1/withdraw/").status_code == (
        302 if editor == 200 else 403
    )


def test_who_is_not_signed_in_is_asked_to(town):
    assert "/sign-in/" in browser().get("/prices/").url


def test_looking_changes_nothing(room, town):
    for address in ("/prices/versions/1/withdraw/", "/prices/versions/1/what-if/"):
        assert room.get(address).status_code == 405


# the list, and a version


def test_the_list_says_who_made_what_and_what_it_changed(room, town, olivia):
    publish(town, DEARER, by=olivia, now=timezone.now(), note="Costs rose")
    page = text(room.get("/prices/"))
    assert "Costs rose" in page
    assert "Made by olivia" in page
    assert "<del>At all times, Each 1 h begun: 1.50 GBP</del>" in page
    assert "<ins>At all times, Each 1 h begun: 9.99 GBP</ins>" in page


def test_a_longer_list_asks_no_more(room, town, olivia):
    now = timezone.now()
    asked = queries(room, "/prices/")
    for day in range(1, 9):
        publish(town, DEARER if day % 2 else TOWN, by=olivia, now=now, starts_at=now + day * DAY)
    assert queries(room, "/prices/") == asked


def test_without_prices_it_says_where_to_begin(room, town):
    Tariff._base_manager.all().delete()
    page = text(room.get("/prices/"))
    assert "This car park has no prices, so every stay is free." in page
    assert f"{NEW}?like=station" in page
    assert room.get(NEW).status_code == 200


def test_a_version_that_is_not_there(room):
    assert room.get("/prices/versions/9/").status_code == 404
    assert room.get(f"{NEW}?from=9").status_code == 404


def test_one_to_come_is_withdrawn(room, town, olivia):
    now = timezone.now()
    publish(town, DEARER, by=olivia, now=now, starts_at=now + DAY)
    assert "Withdraw it" in text(room.get("/prices/versions/2/"))
    page = room.post("/prices/versions/2/withdraw/", follow=True)
    assert "Version 2 is withdrawn." in text(page)
    refused = room.post("/prices/versions/1/withdraw/", follow=True)
    assert "Version 1 prices stays already: make one that follows it." in text(refused)


# the editor


@pytest.mark.parametrize("like", BEGINNINGS)
def test_nobody_begins_with_an_empty_form(room, like):
    page = text(room.get(f"{NEW}?like={like}"))
    assert f"begun from {BEGINNINGS[like].name}" in page
    assert "What drivers read" in page


def test_a_version_is_built_and_saved(room, town, olivia):
    answer = posts(room, begins="now", note="Costs rose")
    assert answer.url == "/prices/versions/2/"
    made = town.tariffs.get(version=2)
    assert (made.terms["bands"][0]["charge"]["price"], made.made_by) == (999, olivia)


def test_a_start_is_typed_in_the_car_parks_time(room, town):
    summer = f"{timezone.now().year + 1}-07-01T06:00"
    posts(room, begins="at", starts_at=summer)
    made = town.tariffs.get(version=2)
    assert f"{made.starts_at:%m-%d %H:%M}" == "07-01 05:00"


def test_a_start_in_the_past_is_told_beside_it_and_nothing_is_lost(room, town):
    answer = posts(room, begins="at", starts_at="2026-01-01T06:00", note="Costs rose")
    page = text(answer)
    assert answer.status_code == 409
    assert 'id="id_starts_at_error">That is in the past' in page
    assert 'value="Costs rose"' in page
    assert 'value="9.99"' in page
    assert town.tariffs.count() == 1


def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(room, town):
    answer = posts(room, minimum="-1", note="Costs rose")
    page = text(answer)
    assert answer.status_code == 422
    assert 'id="id_minimum_error">A price is never less than nothing.' in page
    assert "1 field below needs a correction." in page
    assert 'value="-1"' in page
    assert 'value="Costs rose"' in page
    assert town.tariffs.count() == 1


def test_two_tabs_make_one_version_and_the_second_goes_on(room, town):
    assert posts(room).status_code == 302
    second = posts(room, note="The other tab")
    assert second.status_code == 409
    assert "Version 2 was made in the meantime." in text(second)
    assert 'value="The other tab"' in text(second)
    assert 'name="after" value="2"' in text(second)
    assert town.tariffs.count() == 2


def test_a_version_that_has_not_begun_is_replaced(room, town, olivia):
    now = timezone.now()
    publish(town, DEARER, by=olivia, now=now, starts_at=now + DAY)
    page = text(room.get(f"{NEW}?from=2&replaces=2"))
    assert "It replaces version 2, which has not begun and will be withdrawn." in page
    data = typed(TOWN)
    for name, value in (("do", "save"), ("after", "2"), ("replaces", "2")):
        data.setlist(name, [value])
    assert room.post(NEW, dict(data.lists())).url == "/prices/versions/3/"
    assert town.tariffs.get(version=2).withdrawn_at


TRAP = {
    "bands": [{"charge": {"kind": "steps", "minutes": 60, "price": 400}}],
    "caps": [{"per": "calendar_day", "amount": 1600}],
}


def test_the_midnight_trap_is_saved_only_with_its_box_ticked_and_that_is_kept(room, town):
    answer = posts(room, TRAP)
    page = text(answer)
    assert answer.status_code == 422
    assert (
        "Read this and tick its box under Checks, or change the prices: The midnight trap" in page
    )
    assert "by 23:46" in page
    token = page.split('name="acknowledged" value="')[1].split('"')[0]
    data = typed(TRAP)
    for name, value in (("do", "save"), ("after", "1"), ("acknowledged", token)):
        data.setlist(name, [value])
    assert room.post(NEW, dict(data.lists())).url == "/prices/versions/2/"
    (kept,) = town.tariffs.get(version=2).acknowledged
    assert kept.startswith("The midnight trap: who comes on a Monday at 20:45")
    assert "olivia was told and went on: The midnight trap" in text(room.get("/prices/versions/2/"))


def test_a_tick_for_another_trap_does_not_count(room, town):
    page = text(posts(room, TRAP))
    token = page.split('name="acknowledged" value="')[1].split('"')[0]
    dearer = {**TRAP, "caps": [{"per": "calendar_day", "amount": 1200}]}
    data = typed(dearer)
    for name, value in (("do", "save"), ("after", "1"), ("acknowledged", token)):
        data.setlist(name, [value])
    assert room.post(NEW, dict(data.lists())).status_code == 422
    assert town.tariffs.count() == 1


def test_a_longer_stay_that_costs_less_is_not_saved_unless_declared(room, town):
    early = {"name": "Early bird", "price": 300, "in_by": "09:30", "out_from": "15:00"}
    falls = {**DEARER, "offers": [early]}
    answer = posts(room, falls)
    assert answer.status_code == 422
    assert "A longer stay costs less." in text(answer)
    assert town.tariffs.count() == 1


@pytest.mark.parametrize(
    ("do", "bands", "tiers"),
    [("add:bands", 2, 1), ("add:bands-0-tiers", 1, 1), ("remove:bands:0", 0, 0)],
)
def test_rows_come_and_go_without_a_script(room, do, bands, tiers):
    answer = posts(room, do=do, note="Kept")
    page = text(answer)
    assert answer.status_code == 200
    assert f'name="bands-TOTAL_FORMS" value="{bands}"' in page
    assert page.count('-tiers-0-up_to"') >= tiers
    assert 'value="Kept"' in page
    assert "Nothing is saved yet" not in page


def test_the_preview_tells_what_lacks_and_keeps_nothing(room, town):
    data = typed(DEARER)
    whole = text(room.post("/prices/versions/preview/", dict(data.lists())))
    assert "9.99 GBP" in whole
    assert "<svg" in whole
    data.setlist("bands-0-price", [""])
    lacks = text(room.post("/prices/versions/preview/", dict(data.lists())))
    assert '<a href="#id_bands-0-price">Band 1, Price</a>: Type a price, such as 1.50.' in lacks
    assert town.tariffs.count() == 1


@pytest.mark.parametrize(
    "body", [{}, {"do": "save"}, {"do": "remove:bands:999999999999"}, {"do": "x" * 999}]
)
def test_a_form_that_is_none_is_answered_all_the_same(room, body, town):
    assert room.post(NEW, body).status_code in (200, 422)
    assert room.post("/prices/versions/preview/", body).status_code == 200
    assert town.tariffs.count() == 1


# what if


def gone(town, count, **facts):
    now, length = timezone.now(), minutes(90)
    for number in range(count):
        entered = now - minutes(300 + number)
        car(
            town,
            plate=f"W{number}{len(facts)}",
            now=now,
            ago=now - entered,
            left_at=entered + length,
            **facts,
        )


def test_what_if_says_who_pays_more_and_what_it_brings(room, town):
    gone(town, 4)
    car(town, plate="INSIDE")
    car(town, plate="VOID", ago=minutes(90), left_at=timezone.now(), voided_at=timezone.now())
    start = posts(room, do="what-if", note="Tried")
    run = WhatIf.objects.get()
    assert start.url == f"/prices/what-if/{run.pk}/"
    assert "0 of 4 stays priced" in text(room.get(start.url))
    part = room.post(f"{start.url}slice/", headers={"HX-Request": "true"})
    assert "All 4 stays are priced." in text(part)
    page = text(room.get(start.url))
    assert "+67.92 GBP" in page  # 4 stays of 2 hours begun: 8 times 8.49 more
    assert "12.00 GBP then, 79.92 GBP with these prices." in page
    assert not re.search(r"\bW0\b", page)  # no plate
    assert 'value="Tried"' in text(room.get(f"{NEW}?draft={run.pk}"))


def test_a_what_if_keeps_which_version_is_to_be_replaced_and_nothing_that_is_no_number(room, town):
    for replaces, kept in (("2", 2), ("\0", ""), ("9" * 99, "")):
        data = typed(DEARER)
        data.setlist("do", ["what-if"])
        data.setlist("replaces", [replaces])
        assert room.post(NEW, dict(data.lists())).status_code == 302
        assert WhatIf.objects.first().typed["replaces"] == kept


def test_a_what_if_that_was_stopped_says_so(room, town):
    gone(town, 2)
    address = posts(room, do="what-if").url
    assert "Stopped after 0 of 2 stays." in text(room.post(f"{address}cancel/", follow=True))
    room.post(f"{address}slice/")
    assert WhatIf.objects.get().done == 0


def test_a_what_if_of_nobody_says_so(room, town):
    address = posts(room, do="what-if").url
    assert "No stay came in and left in these weeks" in text(room.get(address))


def test_two_windows_count_each_stay_once(town, olivia):
    gone(town, 5)
    now = timezone.now()
    run = whatif.begin(town, DEARER, by=olivia, now=now)
    other = WhatIf.objects.get()
    whatif.go_on(run, now, seconds=-1, size=2)
    whatif.go_on(other, now, seconds=-1, size=2)  # began where the first one did
    assert (run.done, other.done) == (2, 2)
    while run.runs:
        run = whatif.go_on(run, now, seconds=-1, size=2)
    assert (run.done, run.tally["stays"]) == (5, 5)


# the board


def test_a_driver_reads_the_prices_without_an_account(client, town):
    page = text(client.get("/prices/town/"))
    assert "Each 1 h begun" in page
    assert "Version 1, in force since 1 June 2025, 13:00 BST." in page
    assert client.get("/prices/nowhere/").status_code == 404


def test_the_board_tells_of_prices_to_come(client, town, olivia):
    now = timezone.now()
    publish(town, DEARER, by=olivia, now=now, starts_at=now + DAY)
    assert "Other prices are in force from" in text(client.get("/prices/town/"))
    assert "9.99 GBP" in text(client.get("/prices/town/?from=2"))


def test_the_digest_changes_with_the_words_only(client, town, olivia):
    def digest():
        return text(client.get("/prices/town/")).split("Board ")[1][:12]

    before = digest()
    publish(town, TOWN, by=olivia, now=timezone.now())
    assert digest() == before
    publish(town, DEARER, by=olivia, now=timezone.now())
    assert digest() != before


def test_a_car_park_without_prices_is_free(client, town):
    Tariff._base_manager.all().delete()
    assert "Parking is free here." in text(client.get("/prices/town/"))
