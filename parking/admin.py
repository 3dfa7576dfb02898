"""Car parks, permits and stays in Django's own pages, for whoever runs the server."""

from django.contrib import admin

from parking.models import (
    BlockedPlate,
    CarPark,
    Confirmation,
    Count,
    Entitlement,
    ParkingSession,
    Period,
    Permit,
    Pool,
    StayDoubt,
)


@admin.register(CarPark)
class CarParkAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "timezone", "currency", "places"]


@admin.register(Permit)
class PermitAdmin(admin.ModelAdmin):
    list_display = ["plate", "holder", "pool", "car_park", "starts_at", "ends_at"]
    list_filter = ["car_park", "visitor", "pool"]
    list_select_related = ["car_park", "pool"]
    search_fields = ["plate", "holder"]


@admin.register(Pool)
class PoolAdmin(admin.ModelAdmin):
    list_display = ["name", "at_once", "car_park"]
    list_filter = ["car_park"]


@admin.register(Entitlement)
class EntitlementAdmin(admin.ModelAdmin):
    list_display = ["name", "free_for", "car_park", "ended_at"]
    list_filter = ["car_park"]


@admin.register(BlockedPlate)
class BlockedPlateAdmin(admin.ModelAdmin):
    list_display = ["plate", "why", "car_park", "starts_at", "ends_at"]
    list_filter = ["car_park"]
    search_fields = ["plate", "why"]


class Kept(admin.ModelAdmin):
    """A record: to be looked at. What happened is not edited; a new fact is added elsewhere."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(ParkingSession)
class ParkingSessionAdmin(Kept):
    list_display = ["plate", "car_park", "entered_at", "settled_until", "left_at", "doubt"]
    list_filter = ["car_park", "doubt"]
    list_select_related = ["car_park"]
    search_fields = ["plate"]


@admin.register(StayDoubt)
class StayDoubtAdmin(Kept):
    list_display = ["since", "session_id", "kind", "about", "settled_at", "settled_by", "why"]
    list_filter = ["kind", "session__car_park"]
    list_select_related = ["settled_by"]


@admin.register(Period)
class PeriodAdmin(Kept):
    list_display = ["starts_at", "ends_at", "car_park", "lane", "kind", "cause", "settled_at"]
    list_filter = ["car_park", "kind"]
    list_select_related = ["car_park"]


@admin.register(Count)
class CountAdmin(Kept):
    list_display = ["at", "car_park", "number", "by", "said_low", "said_high"]
    list_filter = ["car_park"]
    list_select_related = ["car_park", "by"]


@admin.register(Confirmation)
class ConfirmationAdmin(Kept):
    list_display = ["session", "entitlement", "by", "why", "at", "withdrawn_at"]
    list_select_related = ["session", "entitlement", "by"]
    list_filter = ["entitlement"]
