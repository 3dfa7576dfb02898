"""Every page of the control room: who may open it, and that looking changes nothing."""

import uuid

import pytest
from django.apps import apps
from django.core import serializers
from django.urls import reverse
from django.utils import timezone

from billing.urls import urlpatterns as billing_urls
from gates.models import Passage
from gates.urls import urlpatterns as gates_urls
from parking.doubts import raise_doubt
from parking.models import Doubt, Entitlement, ParkingSession, Permit
from parking.periods import begin
from parking.urls import urlpatterns as parking_urls
from tests.gates.room import browser, held, jpeg, person

pytestmark = pytest.mark.django_db

# The way in, and what a signed link or a typed plate opens for people without an account.
OPEN_TO_ALL = {
    *("sign_in", "sign_out", "display", "display_now", "driver_picture", "driver_car"),
    *("pay", "pay_stay", "pay_checkout", "pay_wrong", "pay_done", "pay_voucher", "pay_remind"),
    *("voucher", "price_board", "receipt", "receipt_send", "shop"),
    *("webhook", "card_back", "mock_card", "mock_save_card"),
    *("autopay", "autopay_stay", "autopay_receipt", "autopay_mine", "autopay_act"),
}
PAGES = sorted(
    path.name
    for path in [*gates_urls, *parking_urls, *billing_urls]
    if not path.name.startswith("api_") and path.name not in OPEN_TO_ALL
)
ACTS = {
    *("lane_open", "lane_hold_open", "lane_release"),
    *("permit_end", "blocked_plate_end", "settle_doubt", "period_end", "period_settle"),
    *("entitlement_end", "confirm_entitlement", "withdraw_entitlement"),
    *("count_add", "review_next", "review_answer", "review_undo"),
    *("open_shift", "desk_take"),
    *("close_refund", "give_back", "unpaid_write_off", "agreement_end"),
    *("prices_withdraw", "prices_preview", "what_if_version", "what_if_slice", "what_if_cancel"),
    *("validator_end", "validator_link", "validation_withdraw", "voucher_end", "export_ledger"),
}
# What each role may open, beside what all roles may.
LANES = {"lanes", "lane_card", "tasks", "site_bar"}
PASSAGES = {"passages", "passages_now", "passage", "stream"}
PLATES = {"permits", "pools", "pool", "entitlements"}
LOOK = LANES | PASSAGES | PLATES | {"picture", "stays", "stay", "periods", "period", "occupancy"}
REVIEW = {
    *("review", "review_bar", "review_count", "review_quality"),
    *("review_next", "review_answer", "review_undo"),
}
PRICES = {"prices", "prices_version", "what_if"}
MONEY = {"money", "export_ledger", "unpaid", "agreements"}
GIVEN = {"validators", "validator", "voucher_batches", "voucher_batch"}
MAY = {
    None: set(),
    "engineer": LANES | PASSAGES,
    "shop": {"validation_give"},
    "auditor": LOOK | {"review_quality"} | PRICES | MONEY | GIVEN,
    "reviewer": LOOK | REVIEW | {"correct_plate", "settle_doubt", "period_settle"},
    "operator": set(PAGES),
}


@pytest.fixture
def address(park, entry, settings, tmp_path):
    """The address of a page by its name, for things that are there."""
    settings.MEDIA_ROOT = str(tmp_path)
    passage = held(entry)
    entry.send_picture(passage.pk, "scene", jpeg())
    permit = Permit.objects.create(car_park=park, plate="PE12MIT", holder="Smith & Co")
    stay = ParkingSession.objects.get()
    begun = {"at": stay.entered_at, "now": stay.entered_at, "until": stay.entered_at}
    period = begin(park, "north-entry", "gate_open", cause="held up", **begun)
    blocked = park.blocked_plates.create(plate="BL0CKED", why="Did not pay")
    pool = park.pools.create(name="Acme", at_once=3)
    session, badge = ParkingSession.objects.get(), park.entitlements.create(name="Badge")
    confirmed = session.confirmations.create(
        entitlement=badge, by=person(name="bob"), why="seen", at=passage.seen_at
    )
    args = {
        **dict.fromkeys(("pool", "pool_edit"), pool.pk),
        "entitlement_end": badge.pk,
        "confirm_entitlement": session.pk,
        "withdraw_entitlement": confirmed.pk,
        "passage": passage.pk,
        "correct_plate": passage.pk,
        "picture": passage.pictures.get().pk,
        "stay": stay.pk,
        "settle_doubt": raise_doubt(stay, Doubt.CLOCK, at=stay.entered_at).pk,
        **dict.fromkeys(("period", "period_end", "period_settle"), period.pk),
        "review_answer": a_case(park, entry).pk,
        "review_undo": 0,  # nobody has answered yet: who may undo is told that there is nothing
        **dict.fromkeys(("permit_edit", "permit_end"), permit.pk),
        **dict.fromkeys(("blocked_plate_edit", "blocked_plate_end"), blocked.pk),
        **dict.fromkeys(
            ("lane_card", "lane_open", "lane_hold_open", "lane_release"), "north-entry"
        ),
    }
    # Money's own things are not there: who may open their page is told so, and everybody else is not.
    nothing = {path.name: 1 for path in billing_urls if "<int:" in str(path.pattern)} | {
        "shift_openings": 1
    }
    args = nothing | args
    return lambda name: reverse(name, args=[args[name]] if name in args else [])


def a_case(park, entry):
    facts = {"found_at": timezone.now(), "wrong": 1, "money": 0, "harm": 0}
    return park.cases.create(kind="unreadable", passage=held(entry, None, confidence=None), **facts)


def opened(client, name, address):
    if name in ACTS:
        written = {
            "why": "Lets a vehicle in",
            "what": "left",
            "number": 3,
            "entitlement": Entitlement.objects.get().pk,
            "at": f"{timezone.now():%Y-%m-%dT%H:%M}",
        }
        return client.post(address(name), written)
    return client.get(address(name))


@pytest.mark.parametrize("name", PAGES)
def test_strangers_are_led_to_the_sign_in(name, address):
    response = opened(browser(), name, address)
    assert response.status_code == 302
    assert response.url.startswith("/sign-in/?next=%2F")


@pytest.mark.parametrize("role", MAY)
def test_a_role_opens_its_pages_and_no_other(role, address):
    client = browser(person(role))
    statuses = {name: opened(client, name, address).status_code for name in PAGES}
    assert {name for name, status in statuses.items() if status != 403} == MAY[role]
    assert {status for status in statuses.values() if status >= 405} <= {409, 422}


def test_a_refused_page_says_what_to_do(address):
    response = browser(person()).get(address("lanes"))
    assert "Ask whoever manages accounts" in response.content.decode()


def everything():
    """All rows of our own models, as text."""
    ours = [
        model
        for app in ("parking", "billing", "gates")
        for model in apps.get_app_config(app).get_models()
    ]
    return [serializers.serialize("json", model.objects.order_by("pk")) for model in ours]


def test_looking_changes_nothing(address):
    client, before = browser(person("operator")), everything()
    for name in PAGES:
        client.get(address(name))
    assert everything() == before


@pytest.mark.parametrize("name", sorted(ACTS))
def test_acts_are_not_done_by_following_a_link(name, address):
    assert browser(person("operator")).get(address(name)).status_code == 405


def test_an_ended_sign_in_moves_the_whole_page_not_a_card(address):
    response = browser().get(
        address("lane_card"),
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/passages/"},
    )
    assert response.headers["HX-Redirect"] == "/sign-in/?next=%2Fpassages%2F"
    assert response.content == b""


def test_no_page_is_kept_by_the_browser(address):
    client = browser(person("operator"))
    for name in PAGES:
        answer = opened(client, name, address)
        assert answer.status_code == 404 or "no-store" in answer.headers["Cache-Control"], name


def test_another_car_parks_things_are_not_there(address):
    stranger = Passage(pk=uuid.uuid4())
    client = browser(person("operator"))
    assert client.get(reverse("passage", args=[stranger.pk])).status_code == 404
    assert client.get(reverse("lane_card", args=["no-such-lane"])).status_code == 404


def test_a_page_without_a_car_park_says_how_to_make_one():
    response = browser(person("operator")).get("/")
    assert "manage.py car_park" in response.content.decode()
