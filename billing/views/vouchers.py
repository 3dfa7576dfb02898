"""Vouchers: the operator makes, prints and ends them; a driver uses one on the page of his stay."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, F, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import tries, validations
from billing.forms.validations import BatchForm, CodeForm
from billing.models import VoucherBatch
from billing.qr import qr
from billing.rules import codes
from billing.views.driver import _show_stay, at_car_park, of_stay
from parking.access import may

A_PAGE = 60  # vouchers on one print
WRONG_CODE = 3  # points of a code that is none (`billing.tries`)
COOKIE = "voucher"
KEPT_FOR = 24 * 3600  # seconds in which a scanned voucher waits for its car to be found


@require_POST
@of_stay
def pay_voucher(request, car_park, session, token):
    """A driver uses a code for this stay. Wrong ones are counted, as wrong plates are."""
    now, form = timezone.now(), CodeForm(request.POST)
    if not form.is_valid():
        return _show_stay(request, session, token, note=form.errors["code"][0], status=422)
    try:
        tried = tries.begin(request, car_park, now, points=WRONG_CODE)
    except tries.TooMany as error:
        return _show_stay(request, session, token, note=str(error), status=429)
    try:
        given = validations.redeem(session, form.cleaned_data["code"], now)
    except validations.NotGiven as why:
        return _show_stay(request, session, token, note=str(why), status=409)
    tries.close(tried, was_inside=True)
    request.COOKIES.pop(COOKIE, None)  # it is used: the page offers it no more
    page = _show_stay(request, session, token, note=f"{given.name}: {given.words}.")
    page.delete_cookie(COOKIE)
    return page


@require_safe
@at_car_park
def voucher(request, car_park, code):
    """Where a printed QR code leads: the code waits in a cookie until the driver has found his car."""
    if not (code := codes.canonical(code)):
        raise Http404("This is no voucher.")
    answer = redirect("pay", car_park.slug)
    answer.set_cookie(
        COOKIE, code, max_age=KEPT_FOR, httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return answer


@require_safe
@may("billing.view_voucherbatch")
def voucher_batches(request):
    found = request.car_park.voucher_batches.annotate(
        made=Count("vouchers"), uses=Sum("vouchers__uses"), left=Sum("vouchers__uses_left")
    )
    found = found.select_related("car_park").order_by("-made_at", "-id")
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "billing/vouchers.html", {"page": page, "now": timezone.now()})


@require_http_methods(["GET", "HEAD", "POST"])
@may("billing.view_voucherbatch", "billing.add_voucherbatch")
def voucher_add(request):
    now = timezone.now()
    batch = VoucherBatch(car_park=request.car_park, made_at=now, made_by=request.user)
    form = BatchForm(request.POST or None, instance=batch, initial={"starts_at": now})
    if form.is_valid():
        told = form.cleaned_data
        with transaction.atomic():
            form.save()
            batch.make(told["count"], uses=told["uses"], length=told["length"])
        messages.success(request, f"{told['count']} vouchers made: print them from here.")
        return redirect("voucher_batch", batch.pk)
    status = 422 if form.errors else 200
    return render(request, "billing/voucher_form.html", {"form": form}, status=status)


@require_safe
@may("billing.view_voucherbatch")
def voucher_batch(request, pk):
    """One batch: its vouchers with their QR codes, to print, and what has been used."""
    found = get_object_or_404(request.car_park.voucher_batches.select_related("car_park"), pk=pk)
    page = Paginator(found.vouchers.all(), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": found,
        "page": page,
        "vouchers": [(one, qr(_address(request, one))) for one in page],
        "used": found.vouchers.aggregate(sum=Sum(F("uses") - F("uses_left")))["sum"] or 0,
        "now": timezone.now(),
    }
    return render(request, "billing/voucher_batch.html", context)


def _address(request, one):
    return request.build_absolute_uri(reverse("voucher", args=[request.car_park.slug, one.code]))


@require_POST
@may("billing.view_voucherbatch", "billing.change_voucherbatch")
def voucher_end(request, pk):
    """All vouchers of it are dead; what was used stays used."""
    found = get_object_or_404(request.car_park.voucher_batches, pk=pk)
    if found.ended_at is None:
        found.ended_at = timezone.now()
        found.save(update_fields=["ended_at"])
        messages.success(request, f"The vouchers of {found.name} are good no more.")
    return redirect("voucher_batches")
