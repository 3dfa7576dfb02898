"""A driver says that a stay is wrong: nothing is charged until a person has looked."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from billing.disputes import CannotDispute, answered, dispute
from billing.payments import NothingDue, start_checkout
from billing.quotes import quote
from parking.doubts import settle
from tests.billing.town import car, deliver, minutes, told


def say(session, what="times", words=""):
    dispute(session, what, words, now=timezone.now())
    session.refresh_from_db()


def test_a_disputed_stay_is_held_and_says_what_the_driver_said(town):
    session = car(town)
    say(session, "between", " I fetched\n my wife ")
    doubt = session.doubts.get()
    assert (session.doubt, quote(session, timezone.now()).due) == ("disputed", None)
    assert doubt.about == 'the driver says that it was two visits: "I fetched my wife"'
    with pytest.raises(NothingDue, match="Somebody is looking at this stay"):
        start_checkout(session, timezone.now())


def test_saying_it_again_changes_nothing(town):
    session = car(town)
    say(session, "times")
    say(session, "never", "something else")
    assert session.doubts.count() == 1


def test_a_person_who_looked_is_not_asked_again(town):
    session = car(town)
    ann = User.objects.create_user("ann")
    say(session)
    settle(session, by=ann, why="By eye", at=timezone.now())
    assert answered(session)
    with pytest.raises(CannotDispute, match="Somebody has looked at this stay already"):
        say(session)
    assert quote(session, timezone.now()).due == 300


def test_what_costs_nothing_is_not_disputed(town):
    with pytest.raises(CannotDispute, match="There is nothing to pay"):
        say(car(town, ago=minutes(3)))


def test_what_is_paid_while_it_is_disputed_stands_and_opens_once_it_was_right(town, client):
    session = car(town)
    checkout = start_checkout(session, timezone.now())
    say(session)
    deliver(client, told(checkout))
    session.refresh_from_db()
    assert session.payments.get().amount == 300
    settle(session, by=User.objects.create_user("ann"), why="By eye", at=timezone.now())
    assert quote(session, timezone.now()).settled


def test_the_longest_words_fit(town):
    session = car(town)
    say(session, "paid", "x" * 140)
    assert session.doubts.get().about.endswith('x"')
