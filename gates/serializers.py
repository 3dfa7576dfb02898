"""What lanes may say: the shapes of the lane API, with a sentence for each thing that is wrong."""

import re

from rest_framework import exceptions, serializers
from rest_framework.parsers import JSONParser

from gates.models import Event
from parking.rules import plates

# PostgreSQL refuses NUL, and half a character has no UTF-8.
NOT_KEPT = re.compile("[\0\ud800-\udfff]")

ROUNDING = 0.01  # ten probabilities that were each rounded may add up to a little more than 1


class Json(JSONParser):
    """JSON; ten thousand brackets in one another are bad input, not our crash."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            told = super().parse(stream, media_type, parser_context)
            broken = any(map(NOT_KEPT.search, _texts(told)))
        except RecursionError as error:
            raise exceptions.ParseError("This JSON is nested too deeply.") from error
        if broken:
            raise exceptions.ParseError(
                "Leave out the character U+0000 and halves of characters (U+D800 to U+DFFF)."
            )
        return told


def _texts(told):
    """All texts of parsed JSON, the names of its fields too."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        yield from told
        told = list(told.values())
    if isinstance(told, list):
        for one in told:
            yield from _texts(one)


class PlateText(serializers.CharField):
    """A plate as an engine wrote it, brought to its one spelling; null and "" mean unread."""

    def __init__(self, **options):
        super().__init__(allow_null=True, allow_blank=True, **options)

    def to_internal_value(self, value):
        text = super().to_internal_value(value)
        try:
            return plates.canonical(text) if text.strip() else ""
        except plates.NotAPlate as error:
            raise serializers.ValidationError(str(error)) from error


class Moment(serializers.DateTimeField):
    """A time by a lane's clock, wrong by years perhaps, but not by so many that no page shows it."""

    def to_internal_value(self, value):
        moment = super().to_internal_value(value)
        if not 1970 <= moment.year <= 2199:
            raise serializers.ValidationError(
                "The year is not between 1970 and 2199: set this clock."
            )
        return moment


class CandidatePlate(serializers.Serializer):
    plate = PlateText()
    probability = serializers.FloatField(min_value=0, max_value=1)


class PictureQuality(serializers.Serializer):
    """What `gates/readers/quality.py` measures; `height` in pixels."""

    blur = serializers.FloatField(min_value=0, max_value=1)
    contrast = serializers.FloatField(min_value=0, max_value=1)
    clipping = serializers.FloatField(min_value=0, max_value=1)
    height = serializers.IntegerField(min_value=1, max_value=10_000)


class Arrival(serializers.Serializer):
    """A vehicle that asks: the body of `POST arrivals`, and of a decision that is told late."""

    passage = serializers.UUIDField()
    seen_at = Moment()
    plate = PlateText(required=False, default="")
    confidence = serializers.FloatField(
        min_value=0, max_value=1, required=False, allow_null=True, default=None
    )
    candidates = CandidatePlate(many=True, required=False, default=list)
    direction = serializers.ChoiceField(["in", "out"], required=False, allow_null=True)
    country = serializers.CharField(max_length=3, required=False, allow_null=True, default="")
    vehicle = serializers.DictField(required=False, allow_null=True, default=None)
    engine = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    quality = PictureQuality(required=False, allow_null=True, default=None)

    def validate_candidates(self, candidates):
        if len(candidates) > 10:
            raise serializers.ValidationError("Send at most ten candidates, the best first.")
        if sum(one["probability"] for one in candidates) > 1 + ROUNDING:
            raise serializers.ValidationError("Their probabilities add up to more than 1.")
        return [dict(one) for one in candidates if one["plate"]]

    def validate_vehicle(self, vehicle):
        if vehicle and len(str(vehicle)) > 500:
            raise serializers.ValidationError("Send type, colour, make and model only.")
        return vehicle

    def validate(self, told):
        told.pop("direction", None)  # the lane's own direction decides
        return {
            **told,
            "plate": told["plate"] or "",
            "country": told["country"] or "",
            "candidates": tuple(told["candidates"]),
        }


class ToldEvent(serializers.Serializer):
    id = serializers.UUIDField()
    passage = serializers.UUIDField(required=False, allow_null=True, default=None)
    kind = serializers.ChoiceField(Event.Kind.choices)
    at = Moment()
    detail = serializers.DictField(required=False, default=dict)


class Events(serializers.Serializer):
    events = ToldEvent(many=True, max_length=200)


# Whole numbers of a lane's health. A lane whose reader has no process of its own tells only the first.
COUNTS = {
    "waiting": "the number of records not yet sent",
    "running_seconds": "the seconds since the lane's worker was started",
    "reader_megabytes": "the size of the reader's process in MB",
    "reader_recycled": "how often the reader's process was renewed",
}


class Beat(serializers.Serializer):
    sent_at = Moment()
    version = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    health = serializers.DictField(required=False, default=dict)
    list_version = serializers.CharField(
        max_length=40, required=False, allow_null=True, allow_blank=True, default=None
    )

    def validate_health(self, health):
        parts = {
            part: str(health.get(part, "ok"))[:200] for part in ("camera", "reader", "barrier")
        }
        counts = {"waiting": 0} | {name: health[name] for name in COUNTS if name in health}
        for name, count in counts.items():
            if not isinstance(count, int) or count < 0:
                raise serializers.ValidationError(f"'{name}' is {COUNTS[name]}.")
        return parts | counts
