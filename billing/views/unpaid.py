"""The list of stays that were let out owing, for a person."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from billing import later
from billing.forms.desk import WhyForm
from billing.models import Unpaid
from parking.access import may

A_PAGE = 50

OWING = Q(Unpaid.OPEN, amount__gt=F("received"))
# Chips above the list: address word -> name, and the rows it shows at `now`.
SHOWN = {
    "overdue": ("Past their last day", lambda now: OWING & Q(due_by__lt=now)),
    "open": ("May still be paid", lambda now: OWING & Q(due_by__gte=now)),
    "written_off": ("Written off", lambda now: Q(written_off_at__isnull=False)),
}


@may("billing.view_unpaid")
def unpaid(request):
    now = timezone.now()
    show = request.GET.get("show") if request.GET.get("show") in SHOWN else "overdue"
    rows = later.listed(request.car_park).select_related("session", "written_off_by")
    rows = rows.filter(SHOWN[show][1](now)).order_by("due_by", "id")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "chips": [(word, name) for word, (name, _) in SHOWN.items()],
        "show": show,
        "page": page,
        "now": now,
    }
    return render(request, "billing/unpaid.html", context)


@require_POST
@may("billing.view_unpaid", "billing.change_unpaid")
def write_off(request, pk):
    """What is due for this stay is given up, by whom and why."""
    found = get_object_or_404(Unpaid, pk=pk, session__car_park=request.car_park)
    form = WhyForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["why"][0])
        return redirect("unpaid")
    why, now = form.cleaned_data["why"], timezone.now()
    try:
        later.write_off(found, by=request.user, why=why, now=now)
        messages.success(request, f"{found.session.plate} is written off.")
    except later.NothingToWriteOff as error:
        messages.info(request, str(error))
    return redirect("unpaid")
