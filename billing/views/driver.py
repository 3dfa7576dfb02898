"""The driver's pages: type the plate, see what it costs and why, pay, know until when to leave."""

from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import disputes, later, links, payments, tries
from billing.forms.driver import AddressForm, DisputeForm, PlateForm, ShownForm
from billing.models import Checkout, Unpaid
from billing.providers import Unreachable, provider
from billing.quotes import left_owing, quote
from parking import stays
from parking.lookup import open_stays_typed
from parking.models import CarPark

PAID_HERE = "paid_here"  # the checkout that this browser began: once paid, its receipt is shown
PAID_HERE_FOR = {
    **{"max_age": 30 * 24 * 60 * 60, "httponly": True, "samesite": "Lax"},
    **{"secure": settings.SECURE, "path": "/pay/"},
}
TOO_OLD = "This link is too old, or was for another car. Type your plate to go on."
LOOKS = 60  # a driver back from the card page looks this often whether the payment has come


def at_car_park(view):
    """A driver's page: gives the view the `CarPark` of the address, and shows times in its zone."""

    @wraps(view)
    @never_cache
    def found(request, car_park, **named):
        park = get_object_or_404(CarPark, slug=car_park)
        with timezone.override(park.zone):
            return view(request, park, **named)

    return found


def of_stay(view):
    """A page about one stay, which its signed token names; a spent link leads back to the plate."""

    @wraps(view)
    @at_car_park
    def found(request, car_park, token):
        try:
            request.link = links.read(token, car_park)
        except links.NoSuchLink:
            return _ask_plate(request, car_park, PlateForm(), note=TOO_OLD, status=404)
        if request.link.stay is None:
            return render(request, "billing/unseen.html", {"car_park": car_park})
        if request.link.by == links.By.CARS:
            return _show_cars(request, car_park)
        return view(request, car_park, request.link.stay, token)

    return found


@require_http_methods(["GET", "HEAD", "POST"])
@at_car_park
def pay(request, car_park):
    """Ask for the plate. Whether it is inside or not, the answer is the same: go to a page."""
    if request.method != "POST":
        return _ask_plate(request, car_park, PlateForm())
    form = PlateForm(request.POST)
    if not form.is_valid():
        return _ask_plate(request, car_park, form)
    now = timezone.now()
    try:
        tried = tries.begin(request, car_park, now)
    except tries.TooMany as error:
        return _ask_plate(request, car_park, form, note=str(error), status=429)
    plate = form.cleaned_data["plate"]
    session = stays.find(car_park, plate) or left_owing(car_park, plate, now)
    cars = [] if session else _cars_like(car_park, plate, tried)
    tries.close(tried, was_inside=session is not None, shown=bool(cars))
    return redirect("pay_stay", car_park.slug, links.token_of_answer(session, cars))


def _cars_like(car_park, typed, tried):
    """The cars inside that this could mean; none where they are too many, or are being guessed at."""
    if not tries.may_show_cars(tried):
        return []
    found = open_stays_typed(car_park, typed)
    return found if len(found) <= links.MOST_CARS else []


def _show_cars(request, car_park):
    """The pictures of the cars to pick from; each leads to its own stay and to no other."""
    cars = [(stay, links.token(stay)) for stay in request.link.stays]
    return render(request, "billing/cars.html", {"car_park": car_park, "cars": cars})


def _ask_plate(request, car_park, form, *, note="", status=200):
    context = {"car_park": car_park, "form": form, "note": note}
    return render(request, "billing/pay.html", context, status=status)


@require_safe
@of_stay
def pay_stay(request, car_park, session, token):
    note = "The card was declined. Nothing was paid." if "declined" in request.GET else ""
    return _show_stay(request, session, token, note=note)


def _show_stay(request, session, token, *, note="", status=200):
    now = timezone.now()
    offer = quote(session, now)
    if offer.paid and not offer.leave_by:  # the money may have come since the stay was read
        session.refresh_from_db(fields=["settled_until", "doubt"])
        offer = quote(session, now)
    context = {
        "car_park": session.car_park,
        "session": session,
        "token": token,
        "offer": offer,
        "part": f"billing/_{_part(session, offer)}.html",
        "stay": session.stay(now),
        "seconds_left": _seconds(now, offer.leave_by),
        "note": note,
        "unpaid": Unpaid.objects.filter(session=session).first(),
        "looked_at": bool(offer.due) and disputes.answered(session),
        **_seen_by(request, session),
    }
    return render(request, "billing/stay.html", context, status=status)


def _seen_by(request, session):
    """What a page shows of when this stay began, and its receipts; to who typed a plate the hour only.

    Who looks again and again until the price changes learns the minute all the same: hiding that would
    take a price that is not the true one.
    """
    knows = _knows(request, session)
    return {
        "knows": knows,
        "untimed": not knows,
        "next_hour": session.entered_at + timedelta(hours=1),
        "payments": session.payments.all() if knows else (),
        "validated": _validated(session) if knows else (),
    }


def _validated(session):
    given = session.validations.filter(withdrawn_at=None)
    return given.select_related("session__car_park")


def _knows(request, session):
    """Whether who looks may see more than who typed a plate: the minute it came, and its receipts.

    That is whoever stood before the lane's display, or has paid for this stay with this browser.
    """
    if request.link.knows:
        return True
    began = request.get_signed_cookie(PAID_HERE, default="")
    ours = session.checkouts.filter(reference=began).first() if began else None
    return ours is not None and payments.is_paid(ours)


def _part(session, offer):
    """Which of the fragments says how this stay stands."""
    if session.voided_at:
        return "void"
    if offer.held:
        return "stayed" if offer.driver_knows else "held"
    if offer.due:
        return "due"
    if session.left_at:
        return "left"
    return "settled" if offer.leave_by else "free"


def _seconds(now, until):
    return None if until is None else max(0, int((until - now).total_seconds()))


@require_POST
@of_stay
def pay_checkout(request, car_park, session, token):
    form = ShownForm(request.POST)
    said = form.cleaned_data if form.is_valid() else {"shown": -1}
    try:
        checkout = payments.start_checkout(session, timezone.now(), **said)
        away = redirect(provider(checkout.provider).page(checkout, request))
    except (payments.NothingDue, payments.PriceChanged) as why:
        session.refresh_from_db()
        return _show_stay(request, session, token, note=str(why), status=409)
    except Unreachable as silent:
        note = f"{silent.sentence} Nothing was paid. Try again in a minute, or pay at the desk."
        return _show_stay(request, session, token, note=note, status=503)
    away.set_signed_cookie(PAID_HERE, checkout.reference, **PAID_HERE_FOR)
    return away


@require_http_methods(["GET", "HEAD", "POST"])
@of_stay
def pay_wrong(request, car_park, session, token):
    """It is another car, or not this stay: type again, or have a person look."""
    if request.method != "POST":
        asked = {"what": request.GET.get("what")}
        return _ask_what_is_wrong(request, session, token, DisputeForm(initial=asked))
    form, now = DisputeForm(request.POST), timezone.now()
    if not form.is_valid():
        return _ask_what_is_wrong(request, session, token, form, status=422)
    try:
        tries.begin(request, car_park, now, points=tries.DISPUTE)
        disputes.dispute(session, **form.cleaned_data, now=now)
    except tries.TooMany:
        note = "Too much was disputed from your connection. Press the call button at the barrier."
        return _ask_what_is_wrong(request, session, token, form, note=note, status=429)
    except disputes.CannotDispute as why:
        return _show_stay(request, session, token, note=str(why), status=409)
    return redirect("pay_stay", car_park.slug, token)


def _ask_what_is_wrong(request, session, token, form, *, note="", status=200):
    context = {
        "car_park": session.car_park,
        "session": session,
        "token": token,
        "form": form,
        "longest": disputes.LONGEST,
        "note": note,
    }
    return render(request, "billing/wrong.html", context, status=status)


@require_POST
@of_stay
def pay_remind(request, car_park, session, token):
    """Remind this driver by e-mail, should the stay leave unpaid."""
    form, now = AddressForm(request.POST), timezone.now()
    if car_park.pay_later is None:
        return _show_stay(request, session, token, note="Nobody pays later here.", status=409)
    if not form.is_valid():
        return _show_stay(request, session, token, note=form.errors["email"][0], status=422)
    try:
        tries.begin(request, car_park, now, points=tries.LETTER)
    except tries.TooMany as error:
        return _show_stay(request, session, token, note=str(error), status=429)
    later.remind_at_address(session, form.cleaned_data["email"])
    note = "We will remind you once, if it is not paid by then. Your address is erased when it is."
    return _show_stay(request, session, token, note=note)


@require_safe
@never_cache
def card_back(request, reference):
    """Where a provider's card page sends its driver back to, by a fresh link: the page may be hours old."""
    found = get_object_or_404(
        Checkout.objects.select_related("session__car_park"), reference=reference
    )
    stay = links.pay_path(found.session, found.session.car_park)
    return redirect(f"{stay}?declined" if "declined" in request.GET else f"{stay}done/")


@require_safe
@of_stay
def pay_done(request, car_park, session, token):
    """Where the card page sends its driver back to; the payment itself comes by webhook."""
    checkout = session.checkouts.order_by("-quoted_at", "-id").first()
    if checkout is None or payments.is_paid(checkout):
        return _show_stay(request, session, token)
    looked = request.GET.get("looked", "")
    looked = int(looked) if looked.isascii() and looked.isdigit() and len(looked) < 4 else 0
    context = {
        "car_park": car_park,
        "token": token,
        "checkout": checkout,
        "again": looked + 1 if looked < LOOKS else None,
    }
    return render(request, "billing/waiting.html", context)
