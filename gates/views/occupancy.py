"""How full the car park is, from what that is reckoned, and the numbers that people counted."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from gates.forms import CountForm
from gates.occupancy import occupied
from gates.views.site import site_facts
from parking.access import may
from parking.models import Count
from parking.rules.unseen import longest_charged

COUNTS = 30  # shown


@may("parking.view_count")
def occupancy(request):
    return _show(request, CountForm(now=timezone.now()))


def _show(request, form):
    park = request.car_park
    context = {
        "missed": 100 * park.missed,
        "longest_charged": longest_charged(park.missed, park.usual_stay),
        "site": site_facts(request.car_park, request.user, timezone.now()),
        "counts": park.counts.select_related("by")[:COUNTS],
        "form": form,
    }
    return render(request, "gates/occupancy.html", context, status=422 if form.errors else 200)


@require_POST
@may("parking.view_count", "parking.add_count")
def count_add(request):
    """A person counted: kept with what had been reckoned, and reckoned from then on."""
    now = timezone.now()
    form = CountForm(request.POST, now=now)
    if not form.is_valid():
        return _show(request, form)
    at = form.cleaned_data["at"]
    said = occupied(request.car_park, at)
    Count.objects.create(
        car_park=request.car_park,
        by=request.user,
        noted_at=now,
        said_low=said.low,
        said_high=said.high,
        **form.cleaned_data,
    )
    return redirect("occupancy")
