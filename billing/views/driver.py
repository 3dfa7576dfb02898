"""The driver's pages: type the plate, see what it costs and why, pay, know until when to leave."""

from functools import wraps

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import links, payments, tries
from billing.forms import PlateForm, ShownForm
from billing.models import Payment
from billing.providers import Unreachable, provider
from billing.quotes import left_owing, quote
from parking import stays
from parking.models import CarPark

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
            session = links.session_of(token, car_park)
        except links.NoSuchLink:
            return _ask_plate(
                request, car_park, PlateForm(), note="This link is too old.", status=404
            )
        if session is None:
            return render(request, "billing/unseen.html", {"car_park": car_park})
        return view(request, car_park, session, token)

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
    try:
        tried = tries.begin(request, timezone.now())
    except tries.TooMany as error:
        return _ask_plate(request, car_park, form, note=str(error), status=429)
    plate = form.cleaned_data["plate"]
    session = stays.find(car_park, plate) or left_owing(car_park, plate, timezone.now())
    tries.close(tried, was_inside=session is not None)
    return redirect(links.pay_path(session, car_park))


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
    context = {
        "car_park": session.car_park,
        "session": session,
        "token": token,
        "offer": offer,
        "part": f"billing/_{_part(session, offer)}.html",
        "stay": session.stay(now),
        "seconds_left": _seconds(now, offer.leave_by),
        "note": note,
        "payments": session.payments.all(),
    }
    return render(request, "billing/stay.html", context, status=status)


def _part(session, offer):
    """Which of the fragments says how this stay stands."""
    if session.voided_at:
        return "void"
    if offer.held:
        return "held"
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
    shown = form.cleaned_data["shown"] if form.is_valid() else -1
    try:
        checkout = payments.start_checkout(session, timezone.now(), shown=shown)
    except (payments.NothingDue, payments.PriceChanged) as why:
        session.refresh_from_db()
        return _show_stay(request, session, token, note=str(why), status=409)
    try:
        return redirect(provider(checkout.provider).page(checkout, request))
    except Unreachable as away:
        note = f"{away.sentence} Nothing was paid. Try again in a minute, or pay at the desk."
        return _show_stay(request, session, token, note=note, status=503)


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


@require_safe
@never_cache
def receipt(request, receipt):
    payment = get_object_or_404(
        Payment.objects.select_related("session__car_park"), receipt=receipt
    )
    session = payment.session
    context = {
        "payment": payment,
        "session": session,
        "car_park": session.car_park,
        "checkout": payments.checkout_of(payment),
    }
    with timezone.override(session.car_park.zone):
        return render(request, "billing/receipt.html", context)
