import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from parking.roles import ROLES, add_person, group

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_permission_of_a_role_exists(role):
    add_person("someone", role)
    held = {name.split(".")[1] for name in User.objects.get().get_all_permissions()}
    assert held == ROLES[role]


def test_an_engineer_sees_no_pictures_and_a_reviewer_opens_nothing():
    assert "view_picture" not in ROLES["engineer"]
    assert "add_order" not in ROLES["reviewer"]


def test_a_password_is_random_and_shown_once(capsys):
    call_command("person", "olivia", "--role", "operator")
    first = capsys.readouterr().out.split()[-1]
    call_command("person", "olivia", "--role", "operator")
    second = capsys.readouterr().out.split()[-1]
    assert first != second
    assert User.objects.get().check_password(second)
    assert not User.objects.get().check_password(first)


def test_an_update_reaches_the_people_who_are_there_and_leaves_their_passwords():
    password = add_person("rita", "reviewer")
    group("reviewer").permissions.clear()  # as before the update that brought them
    call_command("roles")
    rita = User.objects.get()
    assert {name.split(".")[1] for name in rita.get_all_permissions()} == ROLES["reviewer"]
    assert rita.check_password(password)
