"""What a driver without an account may see of the evidence: the crop of the own plate at the entry."""

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
    try:
        session = links.session_of(token, get_object_or_404(CarPark, slug=car_park))
    except links.NoSuchLink as error:
        raise Http404("This link is too old.") from error
    place = session and _crop_of(session)
    if place is None or not place.is_file():
        # A picture comes after the decision, and may never come: the page shows this in its place.
        drawn = render_to_string("gates/no_picture.svg")
        return HttpResponse(drawn, content_type="image/svg+xml", headers=OWN_PAGES_ONLY)
    return FileResponse(place.open("rb"), content_type="image/jpeg", headers=OWN_PAGES_ONLY)


def _crop_of(session):
    """Where the plate's crop of this stay's entry lies, or None."""
    crop = (
        Picture.objects.filter(
            kind=Picture.Kind.PLATE,
            passage__session=session,
            passage__lane__direction=Lane.Direction.IN,
        )
        .order_by("passage__seen_at")
        .first()
    )
    return crop and Path(settings.MEDIA_ROOT) / crop.file
