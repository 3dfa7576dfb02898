"""Prices and money may be looked at in Django's own pages."""

from django.contrib import admin

from billing.models import Checkout, Payment, Tariff, WebhookEvent
from parking.admin import Kept


@admin.register(Tariff)
class TariffAdmin(Kept):
    """Versions are made in the tariff editor, which checks what they say."""

    list_display = ["car_park", "version", "starts_at"]
    list_filter = ["car_park"]


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
