"""Prices may be added in Django's own pages; money may be looked at."""

from django.contrib import admin

from billing.models import Checkout, Payment, Tariff, WebhookEvent
from parking.admin import Kept


@admin.register(Tariff)
class TariffAdmin(admin.ModelAdmin):
    """Versions are added, never changed: older stays are priced by the version they began under."""

    list_display = ["car_park", "version", "starts_at", "free", "step", "step_price", "day_cap"]
    list_filter = ["car_park"]

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Payment)
class PaymentAdmin(Kept):
    list_display = ["paid_at", "session", "amount", "currency", "provider", "reference", "by"]
    list_select_related = ["session", "by"]


@admin.register(Checkout)
class CheckoutAdmin(Kept):
    list_display = ["quoted_at", "session", "amount", "currency", "provider", "expires_at"]
    list_select_related = ["session"]


@admin.register(WebhookEvent)
class WebhookEventAdmin(Kept):
    list_display = ["received_at", "provider", "event_id", "outcome"]
