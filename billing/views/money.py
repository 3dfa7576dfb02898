"""The day's money, and the ledger for accountants."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from billing import exports, refunds, takings
from billing.forms.desk import ExportForm
from billing.models import LedgerExport, Look, Shift, WebhookEvent
from parking.access import may

KEPT_SHOWN = 20
EXPORTS_SHOWN = 10


def local_day(text, today):
    """The day that an address names; today where it names none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today


@require_safe
@may("billing.export_payment")
def money_page(request):
    park, now = request.car_park, timezone.now()
    today = now.astimezone(park.zone).date()
    day = min(local_day(request.GET.get("day", ""), today), today)
    begins, ends = takings.window(park.zone, day, day)
    told = WebhookEvent.objects.filter(outcome__endswith="kept for a person")
    shifts = Shift.objects.filter(car_park=park, opened_at__gte=begins, opened_at__lt=ends)
    context = {
        "day": takings.added_up(takings.entries(park, day, day), day, day),
        "before": day - timedelta(days=1) if day > date.min else None,
        "after": day + timedelta(days=1) if day < today else None,
        "bars": None,
        "shifts": shifts.select_related("by"),
        "kept": told.filter(received_at__gte=begins, received_at__lt=ends)[:KEPT_SHOWN],
        "going_back": refunds.queue(park).count(),
        "look": Look.objects.first(),
        "exports": LedgerExport.objects.select_related("by")[:EXPORTS_SHOWN],
        "form": ExportForm(initial={"first": day.replace(day=1), "last": day}),
        "currency": park.currency,
    }
    context["bars"] = bars(context["day"])
    return render(request, "billing/money.html", context)


def bars(day, height=96, width=24):
    """The hours as bars: x, y and height of each in units of the picture, and its `Sum`."""
    most = max(day.busiest, 1)
    tall = [max(0, one.net) * height // most for one in day.hours]
    return [
        {
            "hour": hour,
            "x": hour * width,
            "y": height - tall[hour],
            "height": tall[hour],
            "sum": one,
        }
        for hour, one in enumerate(day.hours)
    ]


@require_POST
@may("billing.export_payment")
def export_ledger(request):
    """The ledger leaves the house, and it is written down who took it."""
    form = ExportForm(request.POST)
    if not form.is_valid():
        for problem in sorted({text for problems in form.errors.values() for text in problems}):
            messages.error(request, problem)
        return redirect("money")
    first, last, kind = (form.cleaned_data[name] for name in ("first", "last", "form"))
    park = request.car_park
    LedgerExport.objects.create(
        by=request.user,
        at=timezone.now(),
        form=kind,
        first=first,
        last=last,
        rows=takings.lines(park, first, last).count(),
    )
    name = f"ledger-{park.slug}-{first}-{last}.{kind}"
    found = takings.entries(park, first, last)
    if kind == "xlsx":
        return FileResponse(exports.as_xlsx(found), as_attachment=True, filename=name)
    answer = StreamingHttpResponse(exports.as_csv(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
