"""Autopay's pages: to register, its owner's page, the operator's list."""

import re

import pytest
from django.core import mail
from django.utils import timezone

from billing import links, payments, revocable
from billing.autopay import agreements, charges
from billing.autopay.letters import sweep
from billing.models import Agreement, AutopayTry, Payment, State
from billing.providers.mock import DECLINES_LATER, SILENT
from tests.billing.autopay.test_agreements import EMAIL, SALT, active, begun, saved
from tests.billing.town import car, deliver, make_town, minutes, told
from tests.billing.views.test_driver import text
from tests.gates.room import browser, person, queries

pytestmark = pytest.mark.django_db

FIELDS = {"email": EMAIL, "most": "20.00"}


@pytest.fixture
def stay(town):
    return car(town)


@pytest.fixture
def letters(db):
    """The letters so far, those that wait for a commit too."""

    def sent():
        sweep(timezone.now())
        return [(one.to[0], one.subject) for one in mail.outbox]

    return sent


def at_display(stay):
    return f"/autopay/town/{links.token(stay, links.By.LANE)}/"


def mine(agreement):
    return agreement.get_absolute_url()


def act(client, agreement, word, **fields):
    return client.post(f"{mine(agreement)}{word}/", fields, follow=word != "card")


# to register


def test_a_driver_registers_from_the_code_on_the_display(client, stay):
    page = client.get(at_display(stay))
    assert "Next time, pay automatically" in text(page)
    assert "AB12CDE" in text(page)
    page = client.post(at_display(stay), FIELDS)
    assert f"What is next is in a letter to {EMAIL}" in text(page)
    agreement = Agreement.objects.get()
    assert (agreement.plate, agreement.email, agreement.most) == ("AB12CDE", EMAIL, 2000)
    assert agreement.state == State.BEGUN


def test_looking_registers_nothing(client, stay):
    client.get(at_display(stay) + "?email=a@example.org&most=1")
    assert Agreement.objects.count() == 0


def test_who_only_typed_a_plate_cannot_follow_that_car(client, stay):
    typed = f"/autopay/town/{links.token(stay)}/"
    for answer in (client.get(typed), client.post(typed, FIELDS)):
        assert answer.status_code == 403
        assert "Anybody can type a plate." in text(answer)
    assert Agreement.objects.count() == 0
    assert "/autopay/town/" not in client.get(f"/pay/town/{links.token(stay)}/").content.decode()


def test_a_receipt_is_proof_and_a_refund_is_none(client, stay):
    now = timezone.now()
    deliver(client, told(payments.start_checkout(stay, now)))
    payment = Payment.objects.get()
    address = f"/receipt/{payment.receipt}/autopay/"
    assert address in client.get(f"/receipt/{payment.receipt}/").content.decode()
    client.post(address, FIELDS)
    assert Agreement.objects.get().plate == "AB12CDE"
    back = payments.refund(payment, amount=100, by=None, why="x", now=now).entry
    assert client.get(f"/receipt/{back.receipt}/autopay/").status_code == 404


def bare(response):
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def test_registered_by_him_by_another_or_by_nobody_the_answer_is_the_same(client, town, stay):
    active(stay, SALT)
    fresh = car(town, plate="FRESH1")
    first, second = client.post(at_display(stay), FIELDS), client.post(at_display(fresh), FIELDS)
    again = client.post(at_display(stay), FIELDS)
    assert bare(first) == bare(second) == bare(again)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": ""}, "Type the address that you read."),
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"email": "a@example.org,b@example.org"}, "Enter a valid email address."),
        ({"email": "a@example.org\nBcc: b@example.org"}, "Enter a valid email address."),
        ({"most": ""}, "Say how much at most."),
        ({"most": "0"}, "Give more than nothing"),
        ({"most": "-5"}, "Give more than nothing"),
        ({"most": "1.005"}, "Give a whole number, or money as you would write it"),
        ({"most": "999999"}, "not more than a car park ever costs"),
        ({"most": "NaN"}, "Enter a number."),
    ],
)
def test_what_cannot_be_registered(client, stay, fields, sentence):
    page = client.post(at_display(stay), FIELDS | fields)
    assert page.status_code == 422
    assert sentence in text(page)
    assert Agreement.objects.count() == 0


def test_the_whole_way_from_the_letter_to_a_saved_card(client, stay, letters):
    client.post(at_display(stay), FIELDS)
    assert letters() == [(EMAIL, "Confirm autopay at The town square")]
    address = re.search(r"http://127.0.0.1:8000(/autopay/mine/\S+)", mail.outbox[0].body)[1]
    assert "One step is left: your card." in text(client.get(address))
    assert (
        Agreement.objects.get().state == State.BEGUN
    )  # a mail program that looks confirms nothing
    away = client.post(f"{address}card/")
    assert "/card/save/" in away.url
    payments.receive(saved(Agreement.objects.get()), timezone.now())
    page = text(client.get(address))
    assert "Autopay is on." in page
    assert "Visa ending in 4242 Expires 2030-04" in page
    assert letters()[1:] == [(EMAIL, "Autopay at The town square is on")]


# the owner's page


def test_the_page_shows_state_card_and_every_charge_with_its_receipt(client, stay):
    agreement = active(stay)
    charges.charge(stay, timezone.now())
    page = client.get(mine(agreement))
    assert "Autopay is on." in text(page)
    assert "3.00 GBP" in text(page)
    receipt = f"/receipt/{Payment.objects.get().receipt}/"
    assert receipt in page.content.decode()
    assert "2 steps of 1 h at 1.50 GBP" in text(client.get(receipt))


def test_a_declined_charge_is_said_with_what_to_do(client, stay):
    agreement = active(stay, token=DECLINES_LATER)
    charges.charge(stay, timezone.now())
    page = text(client.get(mine(agreement)))
    assert "Autopay is off: your card was declined." in page
    assert "Save another card" in page
    assert "Resume with the same card" in page
    assert "Declined. The card was declined. Nothing was charged." in page


def test_a_charge_without_an_answer_says_so(client, stay):
    agreement = active(stay, token=SILENT)
    charges.charge(stay, timezone.now())
    assert "has not answered yet" in text(client.get(mine(agreement)))


def test_pause_resume_limit_and_end(client, stay):
    agreement = active(stay)
    assert "Autopay is paused." in text(act(client, agreement, "pause"))
    assert "Autopay is paused." in text(act(client, agreement, "pause"))
    assert "Autopay is on." in text(act(client, agreement, "resume"))
    assert "up to 7.50 GBP" in text(act(client, agreement, "limit", most="7.50"))
    assert act(client, agreement, "limit", most="-1").status_code == 422
    assert "Autopay has ended." in text(act(client, agreement, "end"))
    assert "Autopay has ended." in text(act(client, agreement, "resume"))
    assert client.post(f"{mine(agreement)}card/").url == mine(agreement)
    agreement.refresh_from_db()
    assert (agreement.state, agreement.most) == (State.ENDED, 750)


def test_looking_changes_nothing(client, stay):
    agreement = active(stay)
    for word in ("pause", "end", "card"):
        assert client.get(f"{mine(agreement)}{word}/").status_code == 405
    assert client.post(f"{mine(agreement)}steal/").status_code == 404
    agreement.refresh_from_db()
    assert agreement.state == State.ACTIVE


def test_a_forged_token_another_rows_and_a_revoked_one(client, stay, town):
    agreement = active(stay)
    good = mine(agreement)
    token = good.split("/")[3]
    for forged in (token[:-1] + ("A" if token[-1] != "A" else "B"), "1", "x" * 300, "%00"):
        assert client.get(f"/autopay/mine/{forged}/").status_code == 404
        assert client.post(f"/autopay/mine/{forged}/end/").status_code == 404
    revocable.revoke(agreement)
    assert client.get(good).status_code == 404
    assert client.get(mine(agreement)).status_code == 200


def test_resuming_a_plate_that_is_anothers_now(client, stay):
    first = active(stay)
    agreements.move(first, State.FAILED, timezone.now())
    active(stay, SALT, now=timezone.now())
    page = client.post(f"{mine(first)}resume/")
    assert page.status_code == 409
    assert "This plate is registered otherwise now." in text(page)


def test_no_page_of_a_driver_says_a_whole_plate_in_its_address(client, stay):
    agreement = active(stay)
    for address in (mine(agreement), at_display(stay)):
        assert "AB12CDE" not in address


def test_a_lost_link_is_sent_again_and_the_page_says_the_same_to_strangers(client, stay, letters):
    active(stay)
    letters()
    there = client.post("/autopay/town/", {"email": EMAIL})
    gone = client.post("/autopay/town/", {"email": "no@example.org"})
    assert bare(there) == bare(gone)
    assert letters()[-1] == (EMAIL, "Your autopay at The town square")
    answers = [text(client.post("/autopay/town/", {"email": EMAIL})) for _ in range(9)]
    assert "Try again in ten minutes." in answers[-1]
    assert len(letters()) == agreements.LETTERS_AT_MOST


# the operator's list


@pytest.fixture
def desk(town):
    return browser(person("operator", "olivia"))


def test_the_operator_sees_state_and_last_result(desk, stay, town):
    active(stay, token=DECLINES_LATER)
    charges.charge(stay, timezone.now())
    begun(car(town, plate="NEW1"), SALT)
    listed = text(desk.get("/agreements/?show=failed"))
    assert "AB12CDE" in listed
    assert "3.00 GBP declined" in listed
    assert "Visa 4242" in listed
    assert "NEW1" not in listed
    assert "NEW1" in text(desk.get("/agreements/?show=begun"))
    assert "Nobody has autopay yet." in text(desk.get("/agreements/"))
    assert "1 agreement" in text(desk.post("/agreements/", {"find": "ab12", "show": "all"}))
    assert "1 agreement" in text(desk.post("/agreements/", {"find": "bob@", "show": "all"}))


def test_the_operator_ends_one_and_its_owner_is_told_why(desk, stay, letters):
    agreement = active(stay)
    desk.post(f"/agreements/{agreement.pk}/end/", {"why": ""})
    agreement.refresh_from_db()
    assert agreement.state == State.ACTIVE
    desk.post(f"/agreements/{agreement.pk}/end/", {"why": "the car was sold"})
    agreement.refresh_from_db()
    assert (agreement.state, agreement.why) == (
        State.ENDED,
        "Ended by the car park: the car was sold",
    )
    assert agreement.events.last().by.username == "olivia"
    assert letters()[-1] == (EMAIL, "Autopay at The town square has ended")
    assert "the car was sold" in mail.outbox[-1].body


@pytest.mark.parametrize("role", [None, "reviewer", "engineer", "shop"])
def test_who_may_not_see_agreements(town, role):
    assert browser(person(role)).get("/agreements/").status_code == 403


def test_an_auditor_looks_and_ends_nothing(town, stay):
    agreement, auditor = active(stay), browser(person("auditor"))
    assert "AB12CDE" in text(auditor.get("/agreements/"))
    assert auditor.post(f"/agreements/{agreement.pk}/end/", {"why": "x"}).status_code == 403


def test_an_operator_of_another_car_park_ends_nothing_here(desk, stay):
    other = active(car(make_town("zoo")))
    assert desk.post(f"/agreements/{other.pk}/end/", {"why": "x"}).status_code == 404


def test_the_list_asks_no_more_for_more_rows(desk, town, stay):
    active(stay)
    few = queries(desk, "/agreements/")
    for number in range(5):
        other = car(town, plate=f"MORE{number}")
        active(other, f"m{number}@example.org")
        charges.charge(other, timezone.now())
    assert AutopayTry.objects.count() == 5
    assert queries(desk, "/agreements/") == few


def test_an_owner_with_many_charges_has_as_many_queries(client, town, stay):
    agreement = active(stay)
    charges.charge(stay, timezone.now())
    few = queries(client, mine(agreement))
    for number in range(4):
        now = timezone.now() + minutes(number)
        other = car(town, plate=f"MORE{number}")
        AutopayTry.objects.create(
            agreement=agreement,
            session=other,
            quote="x",
            amount=1,
            currency="GBP",
            claimed_at=now,
            asks_until=now,
            checkout=payments.start_checkout(other, now),
            outcome="paid",
        )
    assert queries(client, mine(agreement)) == few
