"""What a driver without an account may see of the evidence: the own plate at the entry, and the own car
cut out of its street."""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from billing import links
from gates.models import Lane, Picture
from parking.models import CarPark

OWN_PAGES_ONLY = {"Cross-Origin-Resource-Policy": "same-origin", "Content-Disposition": "inline"}


@require_safe
@never_cache
def driver_picture(request, car_park, token):
    """The plate as the entry's camera saw it, for who holds the stay's link. Never the scene."""
    return _shown(car_park, token, Picture.Kind.PLATE)


@require_safe
@never_cache
def driver_car(request, car_park, token):
    """The car above its plate, without the street; the plate where the lane sent no such picture."""
    return _shown(car_park, token, Picture.Kind.CAR, Picture.Kind.PLATE)


def _shown(car_park, token, *kinds):
    """The first of these kinds of which there is a picture; a drawing that says so where none is."""
    try:
        session = links.session_of(token, get_object_or_404(CarPark, slug=car_park))
    except links.NoSuchLink as error:
        raise Http404("This link is too old.") from error
    places = [_place_of(session, kind) for kind in kinds] if session else []
    place = next((one for one in places if one and one.is_file()), None)
    if place is None:
        # A picture comes after the decision, and may never come: the page shows this in its place.
        drawn = render_to_string("gates/no_picture.svg")
        return HttpResponse(drawn, content_type="image/svg+xml", headers=OWN_PAGES_ONLY)
    return FileResponse(place.open("rb"), content_type="image/jpeg", headers=OWN_PAGES_ONLY)


def _place_of(session, kind):
    """Where this stay's entry has its picture of this kind, or None."""
    entries = {"passage__session": session, "passage__lane__direction": Lane.Direction.IN}
    found = Picture.objects.filter(kind=kind, **entries).order_by("passage__seen_at").first()
    return found and Path(settings.MEDIA_ROOT) / found.file
