"""Autopay's agreements: begun, confirmed, active, paused, failed, ended; and each is told."""

from datetime import timedelta as td

import pytest
from django.core import mail
from django.core.management import call_command

from billing.autopay import agreements, letters
from billing.models import Agreement, AgreementEvent, State
from billing.payments import receive
from billing.providers import Card, CardSaved
from billing.providers.mock import PAYS
from tests.billing.town import NOON, car, make_town, minutes

EMAIL = "ada@example.org"
SALT = "bob@example.org"


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """Do this, and let what follows a commit follow; the subjects of the letters that were sent."""

    def do(act, *args, **options):
        before = len(mail.outbox)
        with django_capture_on_commit_callbacks(execute=True):
            act(*args, **options)
        return [(one.to[0], one.subject) for one in mail.outbox[before:]]

    return do


@pytest.fixture
def stay(town):
    return car(town, now=NOON)


def saved(agreement, token=PAYS, expires="2030-04", **facts):
    card = Card("mock", "cus_1", token, "visa", "4242", expires)
    return CardSaved(
        "mock", facts.get("id", f"evt_{agreement.pk}_{token}"), agreement.reference, card
    )


def begun(stay, email=EMAIL, most=2000, now=NOON):
    agreements.begin(stay, email=email, most=most, now=now)
    return Agreement.objects.latest("pk")


def active(stay, email=EMAIL, token=PAYS, now=NOON, **facts):
    agreement = begun(stay, email, now=now, **facts)
    receive(saved(agreement, token), now)
    agreement.refresh_from_db()
    return agreement


def states():
    return sorted((one.email, str(one.state)) for one in Agreement.objects.all())


def test_it_is_active_once_its_owner_has_saved_a_card(town, stay, commits):
    told = commits(agreements.begin, stay, email=EMAIL, most=2000, now=NOON)
    assert told == [(EMAIL, "Confirm autopay at The town square")]
    agreement = Agreement.objects.get()
    assert (agreement.state, agreements.agreement_for(stay)) == (State.BEGUN, None)
    told = commits(receive, saved(agreement), NOON)
    assert told == [(EMAIL, "Autopay at The town square is on")]
    agreement.refresh_from_db()
    assert agreements.agreement_for(stay) == agreement
    assert (agreement.brand, agreement.last4, agreement.expires) == ("visa", "4242", "2030-04")


def test_no_letter_holds_the_plate(town, stay, commits):
    commits(active, stay)
    assert len(mail.outbox) == 2
    for one in mail.outbox:
        assert stay.plate not in one.body + one.subject
        assert "DE" in one.body
        assert "http://127.0.0.1:8000/autopay/mine/" in one.body


def test_the_same_card_event_twice_is_one_letter(stay, commits):
    agreement = begun(stay)
    assert len(commits(receive, saved(agreement), NOON)) == 1
    assert commits(receive, saved(agreement), NOON) == []


def test_a_second_registration_of_a_plate_is_refused_and_both_are_told(stay, commits):
    active(stay)
    second = begun(stay, SALT)
    told = commits(receive, saved(second), NOON)
    assert told == [
        (EMAIL, "Somebody wants to pay for your car at The town square"),
        (SALT, "Autopay at The town square could not be set up"),
    ]
    assert states() == [(EMAIL, "active"), (SALT, "ended")]
    assert EMAIL not in mail.outbox[-1].body


def test_a_plate_that_looks_the_same_is_the_same(town, stay):
    active(stay)
    other = begun(car(town, plate="ABI2CDE", now=NOON), SALT)
    receive(saved(other), NOON)
    assert states() == [(EMAIL, "active"), (SALT, "ended")]


def test_another_car_park_is_another_agreement(stay):
    active(stay)
    active(car(make_town("harbour"), now=NOON), SALT)
    assert states() == [(EMAIL, "active"), (SALT, "active")]


def test_whoever_asks_again_is_sent_his_link_and_nothing_changes(stay, commits):
    active(stay)
    told = commits(agreements.begin, stay, email=EMAIL.upper(), most=9, now=NOON)
    assert told == [(EMAIL, "Your autopay at The town square")]
    assert Agreement.objects.get().most == 2000


def test_strangers_cannot_fill_somebodys_letter_box(stay, commits):
    sent = [commits(agreements.begin, stay, email=EMAIL, most=1, now=NOON) for _ in range(9)]
    assert [len(one) for one in sent] == [1, 1, 1, 0, 0, 0, 0, 0, 0]
    later = NOON + td(hours=1, seconds=1)
    assert len(commits(agreements.begin, stay, email=EMAIL, most=1, now=later)) == 1


def test_nor_the_boxes_of_many(stay, commits):
    for number in range(9):
        commits(agreements.begin, stay, email=f"a{number}@example.org", most=1, now=NOON)
    assert len(mail.outbox) == agreements.ADDRESSES_AT_MOST


@pytest.mark.parametrize(("expires", "good"), [("2026-05", False), ("2026-06", True), ("", True)])
def test_a_card_is_good_to_the_end_of_its_month(stay, commits, expires, good):
    agreement = begun(stay)
    told = commits(receive, saved(agreement, expires=expires), NOON)
    assert states() == [(EMAIL, "active" if good else "begun")]
    subject = "is on" if good else "That card has expired: autopay at The town square"
    assert told[0][1].endswith(subject)


def test_pause_and_resume_and_end_are_told_once_each(stay, commits):
    agreement = active(stay)
    acts = (agreements.pause, agreements.resume, agreements.end)
    told = [commits(act, agreement, NOON) for act in acts for _ in range(2)]
    assert [[subject for _, subject in one] for one in told] == [
        ["Autopay at The town square is paused"],
        [],
        ["Autopay at The town square is on"],
        [],
        ["Autopay at The town square has ended"],
        [],
    ]
    agreements.resume(agreement, NOON)
    receive(saved(agreement, id="evt_late"), NOON)
    assert states() == [(EMAIL, "ended")]  # for good: a card that comes late is not used


def test_a_word_alone_makes_nothing_active(stay):
    agreement = begun(stay)
    assert agreements.resume(agreement, NOON) is False
    assert states() == [(EMAIL, "begun")]


def test_a_new_card_for_a_declined_one_makes_it_active_again(stay, commits):
    agreement = active(stay)
    commits(agreements.move, agreement, State.FAILED, NOON, why="The card was declined.")
    told = commits(receive, saved(agreement, id="evt_2"), NOON)
    assert [subject for _, subject in told] == ["Autopay at The town square is on"]
    assert states() == [(EMAIL, "active")]


def test_a_new_card_of_a_paused_one_leaves_it_paused(stay, commits):
    agreement = active(stay)
    agreements.pause(agreement, NOON)
    told = commits(receive, saved(agreement, id="evt_2"), NOON)
    assert [subject for _, subject in told] == ["Another card for autopay at The town square"]
    assert "paused still" in mail.outbox[-1].body
    assert states() == [(EMAIL, "paused")]


def test_a_paused_one_holds_its_plate_and_a_declined_one_does_not(stay):
    first = active(stay)
    agreements.pause(first, NOON)
    second = begun(stay, SALT)
    receive(saved(second), NOON)
    assert states() == [(EMAIL, "paused"), (SALT, "ended")]
    agreements.resume(first, NOON)
    agreements.move(first, State.FAILED, NOON)
    active(stay, SALT, now=NOON + minutes(1))
    with pytest.raises(agreements.Taken):
        agreements.resume(first, NOON)
    first.refresh_from_db()
    assert first.state == State.FAILED


def test_a_card_of_no_agreement_is_kept_for_a_person(stay):
    unknown = Agreement(reference="nobody", pk=1)
    assert receive(saved(unknown), NOON) == "no agreement nobody: kept for a person"


def test_a_card_about_to_expire_is_told_once(stay, commits):
    agreement = active(stay)
    Agreement.objects.update(expires="2026-07")
    assert commits(agreements.tell_of_cards, NOON - td(days=40)) == []
    told = commits(agreements.tell_of_cards, NOON)
    assert told == [(EMAIL, "Your card expires soon: autopay at The town square")]
    assert "Card 4242 expires 2026-07." in mail.outbox[-1].body
    assert commits(agreements.tell_of_cards, NOON + td(days=1)) == []
    agreement.refresh_from_db()
    assert agreement.state == State.ACTIVE


def test_what_nobody_confirmed_is_forgotten_without_a_letter(stay, commits):
    begun(stay)
    assert commits(agreements.forget_the_begun, NOON + td(days=2)) == []
    assert states() == [(EMAIL, "ended")]


# letters


def test_a_letter_that_was_not_sent_is_sent_by_the_sweep_once(stay, settings, commits):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 9  # nobody listens there
    commits(agreements.begin, stay, email=EMAIL, most=1, now=NOON)
    assert AgreementEvent.objects.get().told_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert letters.sweep(NOON + minutes(1)) == 1
    assert letters.sweep(NOON + minutes(9)) == 0
    assert len(mail.outbox) == 1


def test_a_letter_that_somebody_is_writing_is_not_written_twice(stay):
    agreement = begun(stay)
    agreement.events.update(telling_at=NOON)
    assert letters.sweep(NOON + minutes(4)) == 0
    assert letters.sweep(NOON + minutes(5)) == 1  # he has died


def test_every_kind_of_letter_has_its_words(stay):
    agreement = active(stay)
    for kind in AgreementEvent.Kind:
        if kind != AgreementEvent.Kind.CHARGED:  # in test_autopay: it has an amount
            event = agreement.events.create(kind=kind, at=NOON, why="So it is.")
            letter = letters.letter(event)
            assert 20 < len(letter.subject) < 80
            assert "\n" not in letter.subject
            assert agreement.get_absolute_url() in letter.body


def test_the_command_says_what_it_did(stay, capsys, commits):
    begun(stay)
    call_command("autopay", "--tell")
    assert capsys.readouterr().out.splitlines() == [
        "0 cards expire soon",
        "0 letters sent that had not been",  # older than a week: NOON was in June
    ]
