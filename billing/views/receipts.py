"""Receipts: to look at, to print, and by e-mail when asked."""

import smtplib

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from billing import receipts, tries
from billing.forms.driver import AddressForm
from billing.models import Payment


@require_safe
@never_cache
def receipt(request, receipt):
    return _show(request, _found(receipt))


@require_POST
@never_cache
def receipt_send(request, receipt):
    """Send this receipt to an address, which is not kept."""
    payment, form = _found(receipt), AddressForm(request.POST)
    if not form.is_valid():
        return _show(request, payment, form=form, status=422)
    try:
        tries.begin(request, payment.session.car_park, timezone.now(), points=tries.LETTER)
        receipts.letter(payment, form.cleaned_data["email"]).send()
    except tries.TooMany:
        note = "Too many letters were asked for from your connection. Try again in ten minutes."
        return _show(request, payment, note=note, status=429)
    except (OSError, smtplib.SMTPException):
        note = "The letter could not be sent now. Print this page, or keep its address."
        return _show(request, payment, note=note, status=503)
    return _show(request, payment, note="It is on its way. Your address was not kept.")


def _found(receipt):
    payments = Payment.objects.select_related("session__car_park")
    return get_object_or_404(payments, receipt=receipt)


def _show(request, payment, *, form=None, note="", status=200):
    context = {**receipts.contents(payment), "form": form, "note": note}
    with timezone.override(context["car_park"].zone):
        return render(request, "billing/receipt.html", context, status=status)
