"""Django's own pages: everything can be looked at, and records stay as they are."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse

from gates.models import Lane
from tests.gates.room import browser, held, text

APPS = ("parking", "billing", "gates")
OURS = [model for model in admin.site._registry if model._meta.app_label in APPS]
MAY_ADD = {"carpark", "permit", "pool", "entitlement", "blockedplate"}
MAY_CHANGE = {"carpark", "permit", "pool", "entitlement", "blockedplate", "lane"}


@pytest.fixture
def root(db):
    return browser(User.objects.create_superuser("root"))


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_list_opens_and_only_plans_may_be_added(entry, root, model):
    held(entry)
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    assert root.get(reverse(f"{name}_changelist")).status_code == 200
    adding = root.get(reverse(f"{name}_add")).status_code
    assert adding == (200 if model._meta.model_name in MAY_ADD else 403)
    row = model.objects.first()
    if row:
        changing = root.post(reverse(f"{name}_change", args=[row.pk]), {}).status_code
        assert changing == (200 if model._meta.model_name in MAY_CHANGE else 403)


def test_a_lanes_key_is_not_shown_not_even_its_hash(entry, root):
    page = root.get(reverse("admin:gates_lane_change", args=[entry.lane.pk])).content.decode()
    assert Lane.objects.get().key_hash not in page
    assert entry.key not in page


@pytest.mark.parametrize(
    ("health", "shown"),
    [
        ({"reader_megabytes": 412, "reader_recycled": 3}, "412 MB, renewed 3 times"),
        ({"reader_megabytes": 0}, "0 MB, renewed 0 times"),
        ({}, "none of its own"),
    ],
)
def test_a_lanes_page_shows_the_readers_process(entry, root, health, shown):
    entry.beat(**health)
    page = text(root.get(reverse("admin:gates_lane_change", args=[entry.lane.pk])))
    assert f">{shown}</div>" in page
