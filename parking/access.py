"""Who may open a page of the control room, and in whose zone it shows times."""

from functools import wraps
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect

from parking.models import CarPark

LONGEST_NAME = 150  # characters, as Django's own


def may(*permissions):
    """A page for signed-in people who hold all of these permissions ("gates.view_lane").

    Gives the view `request.car_park`, and shows and takes times in that car park's zone.
    Nothing is kept by the browser: many people share a control room's screen.
    """

    def guard(view):
        @wraps(view)
        @never_cache
        def guarded(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if not request.user.has_perms(permissions):
                raise PermissionDenied
            request.car_park = CarPark.objects.first()
            if request.car_park is None:
                return render(request, "parking/no_car_park.html")
            with timezone.override(request.car_park.zone):
                return view(request, *args, **kwargs)

        return guarded

    return guard


def _to_sign_in(request):
    """A refresh that comes after the session's end moves the whole page, not a card in it."""
    sign_in = reverse("sign_in")
    if request.htmx:
        back = _page_of(request) or reverse("lanes")
        return HttpResponseClientRedirect(f"{sign_in}?{urlencode({'next': back})}")
    back = request.get_full_path() if request.method == "GET" else reverse("lanes")
    return redirect(f"{sign_in}?{urlencode({'next': back})}")


def _page_of(request):
    """The address of the page that a refresh belongs to; None where it is none of ours."""
    try:
        return request.htmx.current_url_abs_path
    except ValueError:  # forged: it is no address at all
        return None


def searched_for(request):
    """What is typed into a list's search. PostgreSQL refuses NUL, and nobody looks for it."""
    return request.POST.get("find", "").replace("\0", "").strip()[:80]


def tried_name(request, credentials):
    """The name that a sign-in is counted under, no longer than a name can be."""
    return (credentials or request.POST).get("username", "")[:LONGEST_NAME]
