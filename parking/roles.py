"""Who may do what: one table, brought into the database by `manage.py person`."""

from django.contrib.auth.models import Group, Permission, User
from django.utils.crypto import get_random_string

LOOK = {
    *("view_lane", "view_passage", "view_picture", "view_parkingsession"),
    *("view_permit", "view_pool", "view_entitlement", "view_confirmation"),
    *("view_staydoubt", "view_period", "view_count"),
}
REVIEW = LOOK | {"add_correction", "change_staydoubt", "review_case", "view_finding"}
OPERATE = REVIEW | {
    *("add_order", "add_permit", "change_permit", "add_pool", "change_pool"),
    *("add_entitlement", "change_entitlement", "add_confirmation", "change_confirmation"),
    *("view_blockedplate", "add_blockedplate", "change_blockedplate"),
    *("view_tariff", "view_payment"),
    *("view_unpaid", "change_unpaid"),
    *("take_payment", "refund_payment", "export_payment"),
    "add_tariff",
    *("add_period", "change_period", "add_count"),
    *("view_validator", "add_validator", "change_validator"),
    *("view_validation", "add_validation", "change_validation"),
    *("view_agreement", "change_agreement"),
    *("view_voucherbatch", "add_voucherbatch", "change_voucherbatch"),
}
ROLES = {
    "operator": OPERATE,
    "reviewer": REVIEW,
    "engineer": {"view_lane", "add_lane", "change_lane", "view_passage"},
    "shop": {"add_validation"},
    "auditor": LOOK
    | {"view_validator", "view_validation", "view_voucherbatch", "view_agreement"}
    | {"view_correction", "view_order", "view_payment", "view_tariff", "view_finding"}
    | {"view_unpaid", "export_payment"},
}


def group(role):
    """The group of this role, with exactly the permissions of the table."""
    found, _ = Group.objects.get_or_create(name=role)
    found.permissions.set(Permission.objects.filter(codename__in=ROLES[role]))
    return found


def add_person(name, role):
    """A new person with this role; returns the random password, which is kept nowhere else.

    For a person who is already there the role is added and the password replaced.
    """
    password = get_random_string(16, "abcdefghjkmnpqrstuvwxyz23456789")
    person, _ = User.objects.get_or_create(username=name)
    person.set_password(password)
    person.save()
    person.groups.add(group(role))
    return password
