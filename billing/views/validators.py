"""Who validates stays: the operator's list, each one's link and what it gave this month."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import revocable, validations
from billing.forms.validations import DeskForm, ValidatorForm, WhyForm
from billing.models import Kind, Validation, Validator
from billing.qr import qr
from billing.views.shops import give
from parking.access import may

A_PAGE = 50


@require_safe
@may("billing.view_validator")
def validators(request):
    """All of them, with how often and how much each gave this month."""
    since = validations.month_began(request.car_park.zone, timezone.now())
    given = Q(validations__at__gte=since, validations__withdrawn_at=None)
    found = request.car_park.validators.annotate(
        stays=Count("validations", filter=given), sum=Sum("validations__amount", filter=given)
    )
    currency = request.car_park.currency
    # Percents of different prices make no sum.
    rows = [
        (one, one.of(one.sum, currency) if one.sum and one.kind != Kind.PERCENT else "")
        for one in found.order_by("-ended_at", "name").select_related("car_park")
    ]
    return render(request, "billing/validators.html", {"rows": rows, "since": since})


@require_http_methods(["GET", "HEAD", "POST"])
@may("billing.view_validator", "billing.add_validator")
def validator_add(request):
    return _written(request, Validator(car_park=request.car_park, made_at=timezone.now()))


@require_http_methods(["GET", "HEAD", "POST"])
@may("billing.view_validator", "billing.change_validator")
def validator_edit(request, pk):
    return _written(request, _validator(request, pk))


def _validator(request, pk):
    return get_object_or_404(request.car_park.validators.select_related("car_park"), pk=pk)


def _written(request, found):
    """The form. What was given already stays as it was given."""
    form = ValidatorForm(request.POST or None, instance=found)
    if form.is_valid():
        form.save()
        messages.success(request, f"{found.name} gives {found.words} for a stay.")
        return redirect("validator", found.pk)
    status = 422 if form.errors else 200
    context = {"form": form, "validator": found}
    return render(request, "billing/validator_form.html", context, status=status)


@require_safe
@may("billing.view_validator", "billing.view_validation")
def validator(request, pk):
    """One of them: its link with a QR code, and what it gave, the newest first."""
    found, now = _validator(request, pk), timezone.now()
    given = found.validations.select_related("session__car_park", "by", "withdrawn_by")
    page = Paginator(given.order_by("-at", "-id"), A_PAGE).get_page(request.GET.get("page"))
    address = request.build_absolute_uri(reverse("shop", args=[revocable.token(found)]))
    context = {
        "validator": found,
        "address": address,
        "qr": qr(address),
        "page": page,
        "this_month": validations.this_month(found, now).count(),
    }
    return render(request, "billing/validator.html", context)


@require_POST
@may("billing.view_validator", "billing.change_validator")
def validator_end(request, pk):
    """It validates no more; what it gave stays given."""
    found = _validator(request, pk)
    if found.ended_at is None:
        found.ended_at = timezone.now()
        found.save(update_fields=["ended_at"])
        messages.success(request, f"{found.name} validates no more stays.")
    return redirect("validators")


@require_POST
@may("billing.view_validator", "billing.change_validator")
def validator_link(request, pk):
    """A new link; the earlier one is dead at once."""
    found = _validator(request, pk)
    revocable.revoke(found)
    messages.success(request, f"{found.name} has a new link. The old one opens nothing any more.")
    return redirect("validator", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@may("billing.add_validation")
def validation_give(request):
    """Somebody with an account validates for a shop; whether the car is inside is not told."""
    form, now = DeskForm(request.POST or None, car_park=request.car_park), timezone.now()
    if form.is_valid():
        told = form.cleaned_data
        try:
            give(told["validator"], told["plate"], by=request.user, why=told["why"], now=now)
        except validations.NotGiven as why:
            form.add_error("validator", str(why))
        else:
            words = told["validator"].words
            messages.success(request, f"If this car is inside, it has {words} now.")
            return redirect("validation_give")
    status = 422 if form.errors else 200
    return render(request, "billing/validation_give.html", {"form": form}, status=status)


@require_POST
@may("billing.view_validation", "billing.change_validation")
def validation_withdraw(request, pk):
    """It counts no more; who and why are kept. What was paid already is not touched."""
    found = get_object_or_404(Validation, pk=pk, session__car_park=request.car_park)
    form = WhyForm(request.POST)
    if form.is_valid():
        why, now = form.cleaned_data["why"], timezone.now()
        validations.withdraw(found, by=request.user, why=why, now=now)
        messages.success(request, f"{found.words} from {found.name} counts no more.")
    else:
        messages.error(request, form.errors["why"][0])
    if found.validator_id:
        return redirect("validator", found.validator_id)
    return redirect("voucher_batch", found.voucher.batch_id)
