"""What a person opened by hand during a shift at the desk: shown beside the shift's money."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing.models import Shift
from gates.models import Order
from parking.access import may


@require_safe
@may("billing.take_payment")
def shift_openings(request, pk):
    shift = get_object_or_404(Shift, pk=pk, car_park=request.car_park)
    until = shift.closed_at or timezone.now()
    orders = Order.objects.filter(by=shift.by, given_at__range=(shift.opened_at, until))
    context = {"orders": orders.exclude(action=Order.Action.RELEASE).select_related("lane")}
    return render(request, "gates/_openings.html", context)
