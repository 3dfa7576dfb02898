"""Autopay's pages: a driver registers his car and card once, and sees on one page how it stands."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import revocable, tries
from billing.autopay import agreements
from billing.forms.autopay import Limit, LinkForm, RegisterForm
from billing.forms.validations import WhyForm, typed
from billing.models import Agreement, AutopayTry, Kind, Payment, State
from billing.providers import CannotDo, Unreachable, provider
from billing.views.driver import _knows, at_car_park, of_stay
from parking.access import may, searched_for
from parking.rules import plates

A_LETTER = 3  # points of a link that is asked for by e-mail (`billing.tries`)
A_PAGE = 50
USUAL = 2000  # smallest unit; what the form proposes as the largest charge
SHOWN = 20  # charges on an owner's page


# to register


@require_http_methods(["GET", "HEAD", "POST"])
@at_car_park
def autopay(request, car_park):
    """What autopay is, how to have it, and the way back to it for who lost the address."""
    form, now = LinkForm(request.POST or None), timezone.now()
    note = ""
    if form.is_valid():
        try:
            tries.begin(request, car_park, now, points=A_LETTER)
        except tries.TooMany:
            note = "Too many were asked for from your connection. Try again in ten minutes."
        else:
            agreements.send_links(car_park, form.cleaned_data["email"], now)
            note = "If this address is registered here, its link is on its way to it."
    context = {"car_park": car_park, "form": form, "note": note}
    status = 422 if form.errors else 200
    return render(request, "billing/autopay.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@of_stay
def autopay_stay(request, car_park, session, token):
    """Register the car of this stay: for who stood before the exit's display, or paid for it. Whoever has
    only typed a plate could follow somebody else's car by its charges."""
    if not _knows(request, session):
        return render(request, "billing/autopay_prove.html", {"car_park": car_park}, status=403)
    return _register(request, session)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def autopay_receipt(request, receipt):
    """Register the car that this receipt is for: who has it paid for that car."""
    found = Payment.objects.select_related("session__car_park").filter(amount__gt=0)
    payment = get_object_or_404(found, receipt=receipt)
    with timezone.override(payment.session.car_park.zone):
        return _register(request, payment.session)


def _register(request, session):
    """Whatever is registered already, the answer is the same: look into your e-mail."""
    car_park = session.car_park
    form = RegisterForm(request.POST or None, currency=car_park.currency, usual=USUAL)
    if form.is_valid():
        told, now = form.cleaned_data, timezone.now()
        agreements.begin(session, email=told["email"], most=told["most"], now=now)
        context = {"car_park": car_park, "email": told["email"]}
        return render(request, "billing/autopay_begun.html", context)
    context = {"car_park": car_park, "session": session, "form": form}
    status = 422 if form.errors else 200
    return render(request, "billing/autopay_register.html", context, status=status)


# its owner's page


def of_owner(view):
    """A page for who has an agreement's link; gives the view the `Agreement`."""

    @wraps(view)
    @never_cache
    def found(request, token, **named):
        rows = Agreement.objects.select_related("car_park")
        agreement = revocable.row_of(rows, token)
        if agreement is None:
            raise Http404("This link is good no more.")
        with timezone.override(agreement.car_park.zone):
            return view(request, agreement, **named)

    return found


@require_safe
@of_owner
def autopay_mine(request, agreement):
    return _mine(request, agreement)


def _mine(request, agreement, *, note="", form=None, status=200):
    now, currency = timezone.now(), agreement.car_park.currency
    charges = agreement.tries.select_related("session", "checkout")[:SHOWN]
    receipts = dict(
        Payment.objects.filter(
            reference__in=[one.checkout.reference for one in charges if one.checkout], amount__gt=0
        ).values_list("reference", "receipt")
    )
    context = {
        "agreement": agreement,
        "car_park": agreement.car_park,
        "charges": [
            (one, one.checkout and receipts.get(one.checkout.reference)) for one in charges
        ],
        "is_over": agreements.is_over(agreement.expires, now),
        "form": form
        or Limit(currency=currency, initial={"most": typed(agreement.most, Kind.MONEY, currency)}),
        "note": note,
    }
    return render(request, "billing/autopay_mine.html", context, status=status)


@require_POST
@of_owner
def autopay_act(request, agreement, act):
    """Pause, resume, end, save a card: a word of the owner. Again it is what it is already."""
    if act not in ACTS:
        raise Http404("There is no such thing to do.")
    return ACTS[act](request, agreement, timezone.now())


def _pause(request, agreement, now):
    agreements.pause(agreement, now)
    return redirect(agreement.get_absolute_url())


def _resume(request, agreement, now):
    try:
        agreements.resume(agreement, now)
    except agreements.Taken:
        why = "This plate is registered otherwise now. Ask the car park's office."
        return _mine(request, agreement, note=why, status=409)
    return redirect(agreement.get_absolute_url())


def _end(request, agreement, now):
    agreements.end(agreement, now)
    return redirect(agreement.get_absolute_url())


def _card(request, agreement, now):
    """To the provider's page: card numbers are typed there and nowhere else."""
    if agreement.state == State.ENDED:
        return redirect(agreement.get_absolute_url())
    try:
        return redirect(provider(settings.PAYMENT_PROVIDER).save_card(agreement, request))
    except (Unreachable, CannotDo):
        why = "Cards cannot be saved at the moment. Nothing has changed; try again later."
        return _mine(request, agreement, note=why, status=503)


def _limit(request, agreement, now):
    form = Limit(request.POST, currency=agreement.car_park.currency)
    if not form.is_valid():
        return _mine(request, agreement, form=form, status=422)
    agreement.most = form.cleaned_data["most"]
    agreement.save(update_fields=["most"])
    return redirect(agreement.get_absolute_url())


ACTS = {"pause": _pause, "resume": _resume, "end": _end, "card": _card, "limit": _limit}


# the operator's list

SHOWS = {
    "on": ("Active or paused", Q(state__in=(State.ACTIVE, State.PAUSED))),
    "failed": ("Declined", Q(state=State.FAILED)),
    "begun": ("Not confirmed", Q(state=State.BEGUN)),
    "ended": ("Ended", Q(state=State.ENDED)),
    "all": ("All", Q()),
}


@require_http_methods(["GET", "HEAD", "POST"])
@may("billing.view_agreement")
def agreement_list(request):
    """All agreements with state and last result. A search comes by POST: no plate in an address."""
    find = searched_for(request)
    word = request.POST.get("show") or request.GET.get("show")
    show = word if word in SHOWS else "on"
    last = AutopayTry.objects.filter(agreement=OuterRef("pk")).order_by("-claimed_at", "-id")
    found = (
        request.car_park.agreements.filter(SHOWS[show][1] & _searched(find))
        .annotate(
            charged=Count("tries", filter=Q(tries__outcome="paid")),
            last_at=Subquery(last.values("claimed_at")[:1]),
            last_amount=Subquery(last.values("amount")[:1]),
            last_outcome=Subquery(last.values("outcome")[:1]),
            last_said=Subquery(last.values("said")[:1]),
            last_code=Subquery(last.values("code")[:1]),
        )
        .order_by("-begun_at", "-id")
    )
    page = Paginator(found, A_PAGE).get_page(request.POST.get("page") or request.GET.get("page"))
    chips = [(word, name) for word, (name, _) in SHOWS.items()]
    context = {"page": page, "find": find, "show": show, "chips": chips}
    return render(request, "billing/agreements.html", context)


def _searched(find):
    if not find:
        return Q()
    said = Q(email__icontains=find)
    try:
        return said | Q(folded__contains=plates.folded(plates.canonical(find)))
    except plates.NotAPlate:
        return said


@require_POST
@may("billing.view_agreement", "billing.change_agreement")
def agreement_end(request, pk):
    """A person ends it and says why; its owner is told."""
    found = get_object_or_404(request.car_park.agreements, pk=pk)
    form = WhyForm(request.POST)
    if form.is_valid():
        why = f"Ended by the car park: {form.cleaned_data['why']}"
        agreements.end(found, timezone.now(), why=why, by=request.user)
        messages.success(request, f"Autopay of {found.plate} has ended. Its owner is told.")
    else:
        messages.error(request, form.errors["why"][0])
    return redirect("agreements")
