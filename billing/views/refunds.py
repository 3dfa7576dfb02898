"""Give money back: of one payment, or all that was paid too much for a stay."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import desk, refunds
from billing.forms.desk import CloseRefundForm, RefundForm
from billing.forms.driver import ShownForm
from billing.models import Payment, Refund
from billing.quotes import quote
from billing.templatetags.money import money
from parking.access import may

SAID = {
    "done": ("success", "{} went back."),
    "pending": ("info", "{} is on its way back: the card company has not confirmed it yet."),
    "failed": ("error", "{} could not go back by card. It is in the list below."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@may("billing.refund_payment")
def refund_payment(request, pk):
    payment = _payment(request, pk)
    currency, most = payment.currency, refunds.left(payment)
    if request.method != "POST":
        return _ask(
            request, payment, RefundForm(currency=currency, initial=_proposed(payment, most))
        )
    form = RefundForm(request.POST, currency=currency)
    if not form.is_valid():
        return _ask(request, payment, form, status=422)
    try:
        _give(request, payment, **form.cleaned_data)
    except (ValueError, desk.NotPossible) as why:
        form.add_error(None, str(why))
        return _ask(request, payment, form, status=409)
    return redirect("stay", payment.session_id)


def _payment(request, pk):
    ours = Payment.objects.select_related("session__car_park", "by")
    return get_object_or_404(ours, pk=pk, session__car_park=request.car_park, amount__gt=0)


def _proposed(payment, most):
    """What was paid too much, or all of the payment."""
    too_much = min(most, refunds.owed(payment.session, quote(payment.session, timezone.now())))
    return {"amount": money(too_much or most, payment.currency).partition(" ")[0]}


def _ask(request, payment, form, *, status=200):
    context = {
        "payment": payment,
        "form": form,
        "most": refunds.left(payment),
        "earlier": payment.refunds.select_related("by"),
    }
    return render(request, "billing/refund.html", context, status=status)


def _give(request, payment, *, amount, why):
    """Ask for a refund and tell its outcome. Cash comes out of the drawer of this person's shift."""
    shift = None
    if payment.provider == "cash":
        shift = desk.shift_of(request.user, request.car_park)
        if shift is None:
            raise desk.NotPossible(
                "This was paid in cash: open a shift at the desk, for its drawer."
            )
    now = timezone.now()
    refund = refunds.ask(payment, amount=amount, by=request.user, why=why, now=now, shift=shift)
    refund = refunds.carry_out(refund, now)
    level, sentence = SAID[refund.state]
    getattr(messages, level)(request, sentence.format(money(amount, payment.currency)))


@require_POST
@may("billing.refund_payment")
def give_back(request, pk):
    """What was paid too much for a stay goes back, to the payments it came by, the newest first."""
    stay = get_object_or_404(request.car_park.sessions, pk=pk)
    form = ShownForm(request.POST)
    owed = refunds.owed(stay, quote(stay, timezone.now()))
    if not form.is_valid() or form.cleaned_data["shown"] != owed or not owed:
        messages.error(request, "What is owed back has changed. Look at it again.")
        return redirect("stay", pk)
    try:
        for payment, amount in refunds.spread(stay, owed):
            _give(request, payment, amount=amount, why="paid too much, as the stay is known now")
    except (ValueError, desk.NotPossible) as why:
        messages.error(request, str(why))
    return redirect("stay", pk)


@require_safe
@may("billing.refund_payment")
def refund_queue(request):
    """Refunds that are on their way or failed: what failed is for a person."""
    context = {"refunds": refunds.queue(request.car_park)}
    return render(request, "billing/refunds.html", context)


@require_POST
@may("billing.refund_payment")
def close_refund(request, pk):
    refund = get_object_or_404(Refund, pk=pk, payment__session__car_park=request.car_park)
    form = CloseRefundForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say what became of it, in a few words.")
    elif refunds.close(refund, by=request.user, why=form.cleaned_data["why"], now=timezone.now()):
        messages.success(request, "It is off the list.")
    return redirect("refund_queue")
