"""Into the control room and out of it."""

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User

from parking.models import CarPark
from parking.roles import add_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def password():
    CarPark.objects.create(slug="town", name="Town Square")
    return add_person("olivia", "operator")


def sign_in(client, password, name="olivia", **fields):
    return client.post("/sign-in/", {"username": name, "password": password, **fields})


def text(response):
    return response.content.decode()


def test_the_right_password_leads_where_one_wanted_to_go(client, password):
    response = sign_in(client, password, next="/permits/")
    assert (response.status_code, response.url) == (302, "/permits/")
    assert client.get("/permits/").status_code == 200


def test_nobody_is_led_to_another_site(client, password):
    assert sign_in(client, password, next="https://evil.example/").url == "/"


def test_a_wrong_password_gets_a_sentence_that_does_not_say_which_is_wrong(client, password):
    known, unknown = sign_in(client, "wrong"), sign_in(client, "wrong", name="nobody")
    assert "do not go together" in text(known)
    assert "do not go together" in text(unknown)
    assert "wrong" not in text(known).split('type="password"')[1].split(">")[0]


def test_too_many_wrong_passwords_lock_the_name_and_say_for_how_long(client, password, settings):
    settings.AXES_FAILURE_LIMIT = 2
    for _ in range(2):
        response = sign_in(client, "wrong")
    assert response.status_code == 429
    assert "quarter of an hour" in text(response)
    assert sign_in(client, password).status_code == 429


def test_out(client, password):
    sign_in(client, password)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").url == "/sign-in/"
    assert client.get("/permits/").status_code == 302


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [("/nothing-here/", 404, "There is nothing here"), ("/permits/", 403, "may not do this")],
)
def test_error_pages_say_what_to_do(client, address, status, words):
    someone = User.objects.create_user("nobody")
    client.force_login(someone, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(address)
    assert response.status_code == status
    assert words in text(response)


def test_pages_carry_a_strict_policy(client):
    policy = client.get("/sign-in/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_name_longer_than_any_is_one_more_wrong_one(client, password):
    assert "do not go together" in text(sign_in(client, "wrong", name="x" * 5000))
    assert AccessAttempt.objects.get().username == "x" * 150


@pytest.mark.parametrize("forged", ["http://[", "//[::1"])
def test_a_forged_address_of_the_page_leads_to_the_lanes(client, password, forged):
    response = client.get("/", headers={"HX-Request": "true", "HX-Current-URL": forged})
    assert response["HX-Redirect"] == "/sign-in/?next=%2F"
