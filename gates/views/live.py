"""Parts of pages that refresh themselves."""

from django.http import HttpResponse
from django.template.loader import render_to_string


def refreshed(request, template, context):
    """The fragment, or 204 when it is what the page shows already (see the tag `live`)."""
    html = render_to_string(template, context, request)
    if request.GET.get("have") == request.shown:
        return HttpResponse(status=204)
    return HttpResponse(html)
