"""A shop's page behind its link; the operator's pages about shops and vouchers; a voucher typed."""

import re

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from billing import links, payments, revocable
from billing.models import Kind, PlateTry, Validation, Validator, Voucher, VoucherBatch
from billing.tries import MOST
from billing.views.vouchers import WRONG_CODE
from parking.roles import group
from tests.billing.test_validations import batch, shop, standing
from tests.billing.town import car, deliver, make_town, minutes, told
from tests.billing.views.test_driver import stay_page, text
from tests.gates.room import browser, person, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def baker(town):
    return shop(town)


@pytest.fixture
def desk(town):
    return browser(person("operator", "olivia"))


def at(validator):
    return f"/shop/{revocable.token(validator)}/"


# the shop's own page


def test_a_shop_validates_without_an_account(client, baker, town):
    session = car(town)
    page = client.post(at(baker), {"plate": "ab12 cde"})
    assert "Done. If this car is inside, it has 1 h free now." in text(page)
    assert standing(session) == [("Baker", "1 h free")]


def bare(response):
    """A page without the token that is new each time."""
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def test_inside_or_not_or_validated_before_the_answer_is_the_same(client, baker, town):
    car(town)
    there = client.post(at(baker), {"plate": "AB12CDE"})
    gone = client.post(at(baker), {"plate": "ZZ99ZZZ"})
    again = client.post(at(baker), {"plate": "AB12CDE"})
    assert bare(there) == bare(gone) == bare(again)
    assert there.status_code == gone.status_code == again.status_code == 200
    assert Validation.objects.count() == 1


def test_a_shop_may_give_less_but_not_more(client, baker, town):
    session = car(town)
    page = client.post(at(baker), {"plate": "AB12CDE", "amount": "61"})
    assert (page.status_code, standing(session)) == (422, [])
    assert "At most 1 h free for one stay." in text(page)
    client.post(at(baker), {"plate": "AB12CDE", "amount": "30"})
    assert standing(session) == [("Baker", "30 min free")]


def test_a_shop_that_gives_money_types_money(client, town):
    session = car(town)
    client.post(at(shop(town, kind=Kind.MONEY, amount=250)), {"plate": "AB12CDE", "amount": "1.5"})
    assert standing(session) == [("Baker", "1.50 GBP off")]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"plate": ""}, "Type the plate of the car."),
        ({"plate": "🚗"}, "is not a number plate"),
        ({"plate": "AB12CDE", "amount": "0"}, "Give more than nothing"),
        ({"plate": "AB12CDE", "amount": "-5"}, "Give more than nothing"),
        ({"plate": "AB12CDE", "amount": "1.5"}, "Give a whole number"),
        ({"plate": "AB12CDE", "amount": "NaN"}, "Enter a number."),
        ({"plate": "AB12CDE", "amount": "9" * 30}, "no more than 10 digits"),
    ],
)
def test_what_a_shop_may_not_type(client, baker, town, fields, sentence):
    session = car(town)
    page = client.post(at(baker), fields)
    assert sentence in text(page)
    assert (page.status_code, standing(session)) == (422, [])


def test_looking_at_the_page_gives_nothing(client, baker, town):
    session = car(town)
    assert client.get(at(baker) + "?plate=AB12CDE").status_code == 200
    assert standing(session) == []


def test_a_forged_a_revoked_and_an_ended_link(client, baker, town):
    session, old = car(town), at(baker)
    assert client.post("/shop/forged/", {"plate": "AB12CDE"}).status_code == 404
    revocable.revoke(baker)
    assert client.post(old, {"plate": "AB12CDE"}).status_code == 404
    Validator.objects.update(ended_at=timezone.now())
    page = client.post(at(baker), {"plate": "AB12CDE"})
    assert "Baker validates no more stays." in text(page)
    assert standing(session) == []


def test_a_link_of_one_kind_opens_no_page_of_another(town, baker):
    assert revocable.row_of(VoucherBatch.objects.all(), revocable.token(baker)) is None


# the operator's pages


def test_the_operator_adds_a_shop_and_gets_its_link(desk, town, client):
    session = car(town)
    fields = {"name": "Baker", "kind": "money", "amount": "2.50", "a_month": "100"}
    page = desk.post("/validators/add/", fields, follow=True)
    assert "2.50 GBP off for a stay" in text(page)
    address = re.search(r'href="(http://testserver/shop/[^"]+)"', page.content.decode())[1]
    client.post(address, {"plate": "AB12CDE"})
    assert standing(session) == [("Baker", "2.50 GBP off")]
    assert "1 stay this month, of 100 at most" in text(desk.get(page.redirect_chain[-1][0]))
    listed = text(desk.get("/validators/"))
    assert "Baker 2.50 GBP off 1 of 100 2.50 GBP off" in listed


def test_the_form_shows_money_as_it_is_typed(desk, town):
    baker = shop(town, kind=Kind.MONEY, amount=250)
    assert 'value="2.50"' in desk.get(f"/validators/{baker.pk}/edit/").content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"kind": "gold"}, "gold is not one of the available choices"),
        ({"amount": "1.5"}, "Give a whole number"),
        ({"kind": "percent", "amount": "101"}, "At most 100 percent."),
        ({"amount": "-1"}, "Give more than nothing"),
        ({"a_month": "0"}, "greater than or equal to 1"),
        ({"name": "Taken"}, "There is one of this name"),
    ],
)
def test_what_no_shop_can_be(desk, town, fields, sentence):
    shop(town, "Taken")
    good = {"name": "Baker", "kind": "minutes", "amount": "60"}
    page = desk.post("/validators/add/", {**good, **fields})
    assert (page.status_code, Validator.objects.count()) == (422, 1)
    assert sentence in text(page)


def test_a_new_link_kills_the_old_one_and_ending_ends(desk, baker, client):
    old = at(baker)
    desk.post(f"/validators/{baker.pk}/link/")
    assert client.get(old).status_code == 404
    baker.refresh_from_db()
    assert client.get(at(baker)).status_code == 200
    desk.post(f"/validators/{baker.pk}/end/")
    assert "Baker validates no more stays." in text(client.get(at(baker)))


def test_a_validation_is_withdrawn_with_who_and_why(desk, baker, client, town):
    session = car(town)
    client.post(at(baker), {"plate": "AB12CDE"})
    address = f"/validations/{Validation.objects.get().pk}/withdraw/"
    assert "Say why" in text(desk.post(address, {"why": ""}, follow=True))
    assert standing(session) == [("Baker", "1 h free")]
    page = desk.post(address, {"why": "wrong car"}, follow=True)
    assert "withdrawn by olivia: wrong car" in text(page)
    assert standing(session) == []


def test_an_account_validates_with_its_name_and_why(town, baker):
    session, sam = car(town), User.objects.create_user("sam")
    sam.groups.add(group("shop"))
    till = browser(sam)
    fields = {"validator": baker.pk, "plate": "AB12CDE", "why": "bought bread"}
    answers = [
        till.post("/validations/give/", fields | {"plate": plate}, follow=True)
        for plate in ("AB12CDE", "ZZ99ZZZ")
    ]
    assert text(answers[0]) == text(answers[1])
    assert "If this car is inside, it has 1 h free now." in text(answers[0])
    given = session.validations.get()
    assert (given.by, given.why, given.name) == (sam, "bought bread", "Baker")
    assert till.get("/validators/").status_code == 403
    assert till.get("/vouchers/").status_code == 403


@pytest.mark.parametrize("role", [None, "reviewer", "engineer"])
def test_who_may_not_see_these_pages(town, baker, role):
    other = browser(person(role))
    for address in ("/validators/", f"/validators/{baker.pk}/", "/vouchers/", "/validations/give/"):
        assert other.get(address).status_code == 403


def test_an_auditor_looks_and_does_nothing(town, baker):
    auditor = browser(person("auditor"))
    assert auditor.get(f"/validators/{baker.pk}/").status_code == 200
    assert auditor.post(f"/validators/{baker.pk}/end/").status_code == 403
    assert auditor.post("/vouchers/add/").status_code == 403


def test_the_lists_ask_no_more_for_more_rows(desk, town, client):
    def fill(name):
        one = shop(town, name)
        for number in range(3):
            client.post(at(one), {"plate": car(town, plate=f"{name[:3]}{number}").plate})
        batch(town).make(3, uses=1)
        return one

    first, pool = fill("Baker"), VoucherBatch.objects.first()
    pages = ("/validators/", f"/validators/{first.pk}/", "/vouchers/", f"/vouchers/{pool.pk}/")
    few = [queries(desk, page) for page in pages]
    fill("Grocer")
    for number in range(3, 9):
        client.post(at(first), {"plate": car(town, plate=f"BAK{number}").plate})
    pool.make(9, uses=1)
    assert [queries(desk, page) for page in pages] == few


# vouchers


def test_a_batch_is_made_printed_and_ended(desk, town, client):
    fields = {"name": "Summer fair", "kind": "percent", "amount": "100", "count": "3"}
    fields |= {"uses": "1", "length": "8", "starts_at": "2026-06-01T00:00"}
    page = desk.post("/vouchers/add/", fields, follow=True)
    codes = [one.printed for one in Voucher.objects.all()]
    assert [len(one) for one in codes] == [9, 9, 9]
    assert all(one in text(page) for one in codes)
    assert page.content.decode().count("<svg") == 3
    assert "Summer fair 100 % off 3 3 of 3" in text(desk.get("/vouchers/"))
    batch = VoucherBatch.objects.get()
    assert batch.made_by.username == "olivia"
    desk.post(f"/vouchers/{batch.pk}/end/")
    page = use(client, car(town), codes[0])
    assert "This voucher ended on" in text(page)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"count": "0"}, "greater than or equal to 1"),
        ({"count": "501"}, "less than or equal to 500"),
        ({"uses": "-1"}, "greater than or equal to 1"),
        ({"length": "4"}, "4 is not one of the available choices"),
        ({"ends_at": "2026-05-01T00:00"}, "The end must come after the start."),
    ],
)
def test_what_no_batch_can_be(desk, town, fields, sentence):
    good = {"name": "Fair", "kind": "minutes", "amount": "60", "count": "3", "uses": "1"}
    good |= {"length": "26", "starts_at": "2026-06-01T00:00"}
    page = desk.post("/vouchers/add/", good | fields)
    assert (page.status_code, VoucherBatch.objects.count()) == (422, 0)
    assert sentence in text(page)


def use(client, session, code):
    return client.post(links.pay_path(session, session.car_park) + "voucher/", {"code": code})


def test_a_driver_types_a_code_on_the_page_of_his_stay(client, town):
    session, voucher = car(town), batch(town).make(1, uses=1, length=8)[0]
    assert "I have a voucher" in text(stay_page(client, session))
    page = use(client, session, voucher.printed.lower())
    assert "Summer fair: 1 h free" in text(page)
    assert standing(session) == [("Summer fair", "1 h free")]
    assert PlateTry.objects.count() == 0


def test_a_scanned_voucher_waits_until_the_car_is_found(client, town):
    session, voucher = car(town), batch(town).make(1, uses=1)[0]
    assert client.get(f"/voucher/town/{voucher.code}/").url == "/pay/town/"
    assert f'value="{voucher.code}"' in stay_page(client, session).content.decode()
    assert standing(session) == []
    use(client, session, voucher.code)
    assert client.cookies["voucher"].value == ""
    assert client.get("/voucher/town/none/").status_code == 404


@pytest.mark.parametrize(("code", "status"), [("", 422), ("WRONGWRONG", 409), ("x" * 99, 422)])
def test_a_wrong_code_gets_a_sentence(client, town, code, status):
    page = use(client, car(town), code)
    assert page.status_code == status
    assert "Is this your car?" in text(page)


def test_wrong_codes_are_counted_as_wrong_plates_are(client, town):
    session, voucher = car(town), batch(town).make(1, uses=1)[0]
    many = MOST // WRONG_CODE
    tried = [use(client, session, "WRONGWRONG").status_code for _ in range(many)]
    assert tried == [409] * many
    page = use(client, session, voucher.code)
    assert page.status_code == 429
    assert "Try again in ten minutes" in text(page)
    assert standing(session) == []


def test_a_voucher_is_not_offered_where_nothing_is_due(client, town):
    assert "I have a voucher" not in text(stay_page(client, car(town, ago=minutes(3))))


def test_a_car_park_of_another_name_knows_no_voucher_of_this_one(client, town):
    voucher = batch(make_town("harbour")).make(1, uses=1)[0]
    assert "No voucher has this code" in text(use(client, car(town), voucher.code))


def test_the_price_says_who_gave_what_to_who_stood_at_the_car_park_only(client, town, baker):
    """Who has typed a plate learns the price, and not where its driver was shopping."""
    session = car(town)
    client.post(at(baker), {"plate": "AB12CDE"})
    display = text(client.get(links.pay_path(session, town, links.By.LANE)))
    assert "1 h free, given by Baker" in display
    assert "Pay 1.50 GBP" in display
    typed = text(client.get(links.pay_path(session, town, links.By.TYPED)))
    assert "1 h free" in typed
    assert "Baker" not in typed


def test_what_was_paid_too_much_is_said_and_not_given_back_by_itself(client, town, baker):
    session = car(town)
    deliver(client, told(payments.start_checkout(session, timezone.now())))
    client.post(at(baker), {"plate": "AB12CDE"})
    page = text(client.get(links.pay_path(session, town, links.By.LANE)))
    assert "You have paid 1.50 GBP more than this stay costs." in page
    assert "Baker: 1 h free" in page
    assert [one.amount for one in session.payments.all()] == [300]
