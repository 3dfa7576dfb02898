"""Evidence pictures, for those who may see them."""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404

from gates.models import Picture
from parking.access import may


@may("gates.view_picture")
def picture(request, pk):
    """A JPEG. Kept by no browser: a refresh keeps the very same element, so nothing flickers."""
    kept = get_object_or_404(Picture, pk=pk, passage__lane__car_park=request.car_park)
    place = Path(settings.MEDIA_ROOT) / kept.file
    if not place.is_file():
        raise Http404("This picture's file is gone.")
    headers = {
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": "inline",
    }
    return FileResponse(place.open("rb"), content_type="image/jpeg", headers=headers)
