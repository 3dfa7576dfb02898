"""Lanes in Django's own pages, and all that they told, to be looked at."""

from django.contrib import admin

from gates.learning import mistaken
from gates.models import (
    Answer,
    Case,
    Change,
    Correction,
    Event,
    Finding,
    Lane,
    Order,
    Passage,
    Picture,
)
from parking.admin import Kept


@admin.register(Lane)
class LaneAdmin(admin.ModelAdmin):
    """Name, direction and place on the site. Its key is made by `manage.py lane add`, and hidden."""

    readonly_fields = ["revoked_at", "last_beat_at", "version", "readers_process", "confusions"]
    fields = ["car_park", "name", "direction", "position", *readonly_fields]
    list_display = ["name", "car_park", "direction", "position", "last_beat_at", "revoked_at"]
    list_filter = ["car_park"]
    list_select_related = ["car_park"]

    def has_add_permission(self, request):
        return False  # a lane without a key could never speak

    @admin.display(description="takes for another")
    def confusions(self, lane):
        """Characters that it misread, of plates that are known, as counted last."""
        if lane.learnt_at is None:
            return "not counted yet: manage.py learn"
        seen = (
            f"{true or 'nothing'} as {read or 'nothing'}: {count}" + (f" of {of}" if true else "")
            for true, read, count, of in mistaken(lane)
        )
        return "; ".join(seen) or "nothing, as far as is known"

    # Not on the lane's card: that is drawn anew whenever anything on it changes.
    @admin.display(description="reader's process")
    def readers_process(self, lane):
        """Its size and how often it was renewed, as the lane told last."""
        size, times = map(lane.health.get, ("reader_megabytes", "reader_recycled"))
        return "none of its own" if size is None else f"{size} MB, renewed {times or 0} times"


@admin.register(Passage)
class PassageAdmin(Kept):
    list_display = ["received_at", "lane", "plate", "confidence", "decision", "reason"]
    list_filter = ["lane", "decision", "reason"]
    list_select_related = ["lane"]
    search_fields = ["plate", "plate_read"]


@admin.register(Answer)
class AnswerAdmin(Kept):
    list_display = ["at", "passage_id", "plate", "decision", "reason", "due"]


@admin.register(Event)
class EventAdmin(Kept):
    list_display = ["at", "lane", "kind", "passage_id", "received_at"]
    list_filter = ["lane", "kind"]
    list_select_related = ["lane"]


@admin.register(Order)
class OrderAdmin(Kept):
    list_display = ["given_at", "lane", "action", "why", "by", "done_at", "failed"]
    list_select_related = ["lane", "by"]


@admin.register(Picture)
class PictureAdmin(Kept):
    list_display = ["received_at", "passage_id", "kind", "width", "height"]


@admin.register(Correction)
class CorrectionAdmin(Kept):
    list_display = ["at", "passage_id", "before", "after", "by", "why"]
    list_select_related = ["by"]


@admin.register(Change)
class ChangeAdmin(Kept):
    list_display = [
        "at",
        "session",
        "left_before",
        "left_after",
        "fee_before",
        "fee_after",
        "refund",
        "by",
    ]
    list_select_related = ["session", "by"]


@admin.register(Case)
class CaseAdmin(Kept):
    list_display = ["found_at", "kind", "harm", "claimed_by", "closed_at", "closed_as"]
    list_filter = ["kind", "closed_as"]
    list_select_related = ["claimed_by"]


@admin.register(Finding)
class FindingAdmin(Kept):
    list_display = ["at", "by", "what", "plate", "seconds", "effect", "undone_at"]
    list_filter = ["what", "effect"]
    list_select_related = ["by"]
