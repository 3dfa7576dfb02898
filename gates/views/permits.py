"""Permits, pools and entitlements: beside parking's own pages what only the lanes know, their names."""

from dataclasses import replace

from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from gates.models import Lane
from parking import views
from parking.access import may
from parking.forms import EntitlementForm, PoolForm
from parking.models import Entitlement, Pool, not_ended


def entries(car_park):
    """What a form about permits must know: the names of the lanes by which one comes in."""
    lanes = car_park.lanes.filter(direction=Lane.Direction.IN, revoked_at=None)
    return {"lanes": tuple(lanes.values_list("name", flat=True))}


PERMITS = replace(views.PERMITS, facts=entries)


# pools


@may("parking.view_permit", "parking.view_pool")
def pools(request):
    now = timezone.now()
    lasting = not_ended(now, of="permits__")
    found = request.car_park.pools.annotate(plates=Count("permits", filter=lasting))
    inside = dict(
        request.car_park.inside()
        .filter(permit__pool__isnull=False)
        .order_by()
        .values_list("permit__pool")
        .annotate(Count("pk"))
    )
    rows = [(pool, inside.get(pool.pk, 0)) for pool in found]
    return render(request, "parking/pools.html", {"rows": rows})


@may("parking.view_permit", "parking.view_pool")
def pool(request, pk):
    """One pool: who is inside now, who came when it was full, and all its plates."""
    now, found = timezone.now(), _pool(request, pk)
    inside = list(found.inside().order_by("entered_at"))
    context = {
        "pool": found,
        "inside": [(stay, stay.stay(now)) for stay in inside],
        "beside": [(stay, stay.stay(now)) for stay in found.beside(now).order_by("entered_at")],
        "members": found.members(now).order_by("plate"),
        "left": found.at_once - len(inside),
        "now": now,
    }
    return render(request, "parking/pool.html", context)


def _pool(request, pk):
    return get_object_or_404(request.car_park.pools.select_related("car_park"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@may("parking.view_permit", "parking.view_pool", "parking.add_pool", "parking.add_permit")
def pool_add(request):
    return _written(request, Pool(car_park=request.car_park))


@require_http_methods(["GET", "HEAD", "POST"])
@may("parking.view_permit", "parking.view_pool", "parking.change_pool", "parking.change_permit")
def pool_edit(request, pk):
    return _written(request, _pool(request, pk))


def _written(request, found):
    now = timezone.now()
    had = [] if found.pk is None else found.members(now).values_list("plate", flat=True)
    first = {"plates": "\n".join(sorted(had))}
    form = PoolForm(
        request.POST or None, instance=found, initial=first, **entries(request.car_park)
    )
    if form.is_valid():
        with transaction.atomic():
            form.save()
            added, ended = found.set_plates(form.cleaned_data["plates"], now)
        messages.success(request, f"{found.name}: {added} plates added, {ended} ended.")
        return redirect("pool", found.pk)
    status = 422 if form.errors else 200
    return render(request, "parking/pool_form.html", {"form": form, "pool": found}, status=status)


# what persons are entitled to


@require_http_methods(["GET", "HEAD", "POST"])
@may("parking.view_entitlement")
def entitlements(request):
    """The list, and below it the form to add one."""
    found = Entitlement(car_park=request.car_park)
    form = EntitlementForm(request.POST or None, instance=found)
    may_add = request.user.has_perm("parking.add_entitlement")
    if may_add and form.is_valid():
        form.save()
        messages.success(request, f"{found.name} may be confirmed on a stay's page from now on.")
        return redirect("entitlements")
    context = {"form": form, "rows": request.car_park.entitlements.all(), "may_add": may_add}
    status = 422 if may_add and form.errors else 200
    return render(request, "parking/entitlements.html", context, status=status)


@require_POST
@may("parking.view_entitlement", "parking.change_entitlement")
def entitlement_end(request, pk):
    """It is confirmed no more; what was confirmed stays confirmed."""
    found = get_object_or_404(request.car_park.entitlements, pk=pk)
    if found.ended_at is None:
        found.ended_at = timezone.now()
        found.save(update_fields=["ended_at"])
        messages.success(request, f"{found.name} is confirmed no more.")
    return redirect("entitlements")
