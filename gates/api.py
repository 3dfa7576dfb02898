"""The lane API, `/api/v1/lane/`: what a lane box may ask and tell, with its own key."""

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework import exceptions, status
from rest_framework.decorators import api_view, authentication_classes, permission_classes
from rest_framework.response import Response
from rest_framework.views import exception_handler

from billing.links import pay_url
from gates import allowlist, displays, events, passages, periods, pictures
from gates.models import Lane, Passage, Picture
from gates.rules.decisions import Decision
from gates.serializers import Arrival, Beat, Events

ASK_AGAIN_AFTER = 1  # seconds


# Answers for what our own modules refuse.
REFUSALS = {
    passages.Conflict: status.HTTP_409_CONFLICT,
    pictures.Different: status.HTTP_409_CONFLICT,
    pictures.NotAPicture: status.HTTP_400_BAD_REQUEST,
}


def sentence(error, context):
    """Every error of the API as {"error": "a sentence that says what to do"}."""
    if isinstance(error, tuple(REFUSALS)):
        return Response({"error": str(error)}, status=REFUSALS[type(error)])
    if isinstance(error, RequestDataTooBig):
        return Response({"error": "Send at most 8 MB."}, status.HTTP_413_REQUEST_ENTITY_TOO_LARGE)
    if isinstance(error, exceptions.NotAuthenticated):
        error.detail = "Send the lane's key in the header 'Authorization: Lane <key>'."
    if isinstance(error, Http404):
        error = exceptions.NotFound(str(error) or "There is nothing at this address.")
    response = exception_handler(error, context)
    if response is not None:
        response.data = {"error": " ".join(_flat(response.data))}
    return response


def _flat(detail, name=""):
    """DRF's nested errors as sentences, each led by the name of its field."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            plain = key in ("detail", "non_field_errors")
            yield from _flat(value, name if plain else f"{name}.{key}".strip("."))
    elif isinstance(detail, list):
        for value in detail:
            yield from _flat(value, name)
    else:
        yield f"{name}: {detail}" if name else str(detail)


def _checked(form, told):
    told = form(data=told)
    told.is_valid(raise_exception=True)
    return told.validated_data


@api_view(["POST"])
def arrivals(request):
    return Response(ask(request.user.lane, request.data, timezone.now()))


def ask(lane, told, now):
    """Answer an arrival (parsed JSON) of a lane at `now`, as plain values."""
    passage = passages.arrive(lane, passages.Ask(**_checked(Arrival, told)), now)
    if passage.is_new:
        events.catch_up(passage, now)
    return _answer(passage)


def _answer(passage):
    session = passage.session
    owes = displays.is_owed(passage)
    currency = passage.lane.car_park.currency
    due = {"amount": passage.due, "currency": currency} if owes else None
    return {
        "passage": str(passage.pk),
        "decision": passage.decision,
        "reason": passage.reason,
        "message": displays.message(passage),
        "plate": passage.plate or None,
        "session": session.pk if session else None,
        "due": due,
        "pay_url": pay_url(session) if owes else None,
        "ask_again_after": None if passage.decision == Decision.OPEN else ASK_AGAIN_AFTER,
    }


@api_view(["POST"])
def told_events(request):
    return Response(tell(request.user.lane, request.data, timezone.now()))


def tell(lane, told, now):
    """Store the events (parsed JSON) of a lane at `now`; which are kept, as plain values."""
    stored = events.store(lane, _checked(Events, told)["events"], now)
    return {"stored": [str(one) for one in stored]}


@api_view(["PUT"])
def picture(request, passage, kind):
    wanted = get_object_or_404(
        Passage.objects.select_related("lane", "session"), pk=passage, lane=request.user.lane
    )
    if kind not in Picture.Kind.values:
        raise Http404("A picture is of the plate, the scene or the car.")
    kept = pictures.keep(wanted, kind, request._request.body, timezone.now())
    return Response({"passage": str(passage), "kind": kind, "sha256": kept.sha256})


@api_view(["POST"])
def beat(request):
    return Response(hear(request.user.lane, request.data, timezone.now()))


@transaction.atomic
def hear(lane, told, now):
    """Take a lane's sign of life (parsed JSON) at `now`; what the lane should do, as plain values."""
    told = _checked(Beat, told)
    periods.note_beat(lane, told["health"], now)
    periods.note_dark(lane.car_park, now)
    Lane.objects.filter(pk=lane.pk).update(
        last_beat_at=now,
        clock_ahead=(told["sent_at"] - now).total_seconds(),
        version=told["version"],
        health=told["health"],
    )
    orders = [
        {"id": str(order.pk), "action": order.action, "expires_at": order.expires_at}
        for order in passages.orders_for(lane, now)
    ]
    return {
        "now": now,
        "orders": orders,
        "list_version": allowlist.version(lane.car_park, now),
    }


@api_view(["GET"])
def plate_list(request):
    lane, now = request.user.lane, timezone.now()
    if request.query_params.get("have") == allowlist.version(lane.car_park, now):
        return Response(status=status.HTTP_204_NO_CONTENT)
    return Response(allowlist.contents(lane, now))


@api_view(["GET", "POST", "PUT", "PATCH", "DELETE"])
@authentication_classes([])
@permission_classes([])
def nowhere(request):
    """What no address of the API is: said to a machine in JSON, like all else."""
    raise exceptions.NotFound(
        "There is nothing at this address. The lane API is below /api/v1/lane/."
    )
