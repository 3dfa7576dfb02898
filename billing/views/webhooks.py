"""What payment providers call."""

from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from billing import payments
from billing.providers import BadSignature, NotAnEvent, Unreachable, provider


@csrf_exempt
@require_POST
def webhook(request, provider_name):
    """What a payment provider tells. Answers are for its machines: JSON with a sentence."""
    try:
        event = provider(provider_name).read(request, timezone.now())
    except KeyError as error:
        return JsonResponse({"error": error.args[0]}, status=404)
    except (BadSignature, NotAnEvent) as error:
        return JsonResponse({"error": str(error)}, status=400)
    except Unreachable as error:  # it will be sent again
        return JsonResponse({"error": error.sentence}, status=503)
    if event is None:
        return JsonResponse({"outcome": "nothing to do"})
    return JsonResponse({"outcome": payments.receive(event, timezone.now())})
