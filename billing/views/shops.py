"""A shop's own page: behind a link, without an account, it validates its customers' stays."""

from django.db import transaction
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from billing import revocable, validations
from billing.forms.validations import ShopForm, typed
from billing.models import Validator
from parking import stays


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def shop(request, token):
    """Type a customer's plate. Whether that car is inside or not, the answer is the same."""
    validator = revocable.row_of(Validator.objects.select_related("car_park"), token)
    if validator is None:
        raise Http404("This link is good no more. Ask the car park's office for a new one.")
    with timezone.override(validator.car_park.zone):
        return _shop(request, validator, timezone.now())


def _shop(request, validator, now):
    form = ShopForm(request.POST or None, validator=validator)
    refusal = validations.unable(validator, now)
    given = None
    if not refusal and form.is_valid():
        amount = form.cleaned_data["amount"] or validator.amount
        give(validator, form.cleaned_data["plate"], amount=amount, now=now)
        given = validator.of(amount, validator.car_park.currency)
        refusal, form = validations.unable(validator, now), ShopForm(validator=validator)
    context = {
        "shop": validator,
        "car_park": validator.car_park,
        "form": form,
        "given": given,
        "most": typed(validator.amount, validator.kind, validator.car_park.currency),
        "refusal": refusal,
    }
    return render(request, "billing/shop.html", context, status=422 if form.errors else 200)


@transaction.atomic
def give(validator, plate, *, now, **said):
    """Validate the stay of this plate (canonical), if it is inside; nobody is told whether it is."""
    if session := stays.find(validator.car_park, plate):
        validations.validate(validator, session, now=now, **said)
