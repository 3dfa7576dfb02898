"""The mock provider's hosted card pages. They play another party's server: a webhook is all they tell."""

import httpx
from django.core import signing
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from billing import links, payments
from billing.models import Checkout
from billing.providers import mock


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def mock_card(request, reference):
    checkout = _open_page(reference)
    now = timezone.now()
    if refusal := _refusal(checkout, now):
        return _show(request, checkout, refusal=refusal, status=410)
    if request.method != "POST":
        return _show(request, checkout)
    if "decline" in request.POST:
        return redirect(f"{_stay(checkout)}?declined")
    if trouble := _told(request, checkout, now):
        return _show(request, checkout, trouble=trouble, status=502)
    return redirect("pay_done", checkout.session.car_park.slug, links.token(checkout.session))


def _open_page(reference):
    if not mock.in_use():
        raise Http404("There is no practice card page here.")
    return get_object_or_404(
        Checkout.objects.select_related("session__car_park"), provider="mock", reference=reference
    )


def _refusal(checkout, now):
    if payments.is_paid(checkout):
        return "This was paid already. Nothing more is due on this page."
    if now >= checkout.expires_at:
        return "This price is no longer open. Nothing was paid; go back to see what is due now."
    return ""


def _told(request, checkout, now):
    """Tell the car park that the card was charged; returns what went wrong, in words."""
    webhook = request.build_absolute_uri(reverse("webhook", args=["mock"]))
    try:
        status = mock.Mock().tell(checkout, webhook, now)
    except httpx.HTTPError:
        return "The car park did not answer. Press Pay again in a moment; you pay only once."
    if status != 200:
        return "The car park did not accept the payment. Nothing was charged."
    return ""


def _stay(checkout):
    return links.pay_path(checkout.session, checkout.session.car_park)


def _show(request, checkout, *, refusal="", trouble="", status=200):
    context = {
        "checkout": checkout,
        "car_park": checkout.session.car_park,
        "refusal": refusal,
        "trouble": trouble,
        "back": _stay(checkout),
    }
    with timezone.override(context["car_park"].zone):
        return render(request, "billing/card.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def mock_save_card(request, token):
    """Where a driver saves a practice card for autopay; which card decides how it behaves later."""
    if not mock.in_use():
        raise Http404("There is no practice card page here.")
    try:
        reference, car_park, back = mock.saving(token)
    except signing.BadSignature as error:
        raise Http404("This link is too old. Go back to your car park's page.") from error
    asked = {"car_park": car_park, "back": back, "cards": mock.CARDS}
    if request.method != "POST":
        return render(request, "billing/save_card.html", asked)
    if trouble := _not_saved(request, reference):
        return render(request, "billing/save_card.html", {**asked, "trouble": trouble}, status=422)
    return redirect(back)


def _not_saved(request, reference):
    """Tell the car park which card was saved; returns what went wrong, in words."""
    card = request.POST.get("card")
    if card not in mock.CARDS:
        return "Choose a card."
    if card == mock.REFUSED:
        return "The card was declined. Nothing was saved; choose another one."
    webhook = request.build_absolute_uri(reverse("webhook", args=["mock"]))
    try:
        status = mock.Mock().tell_saved(reference, card, webhook, timezone.now())
    except httpx.HTTPError:
        status = None
    return "" if status == 200 else "The car park did not take the card. Press Save again."
