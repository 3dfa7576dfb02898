"""What the control room's templates need beyond Django's own."""

from hashlib import blake2s

from django import template
from django.utils import timezone
from django.utils.html import format_html

from gates import review
from gates.menu import menu
from gates.rules import letters, quality
from gates.views.site import site_facts

register = template.Library()


@register.simple_block_tag(takes_context=True)
def live(context, content, name, url, every, css=""):
    """A part of a page that fetches itself anew `every` so often and says what it shows already.

    Its version is a digest of what it shows, so it cannot be forgotten in one; what counts by itself
    (seconds, in ticketless.js) must not be in the text. `gates.views.live.refreshed` answers.
    """
    address = f"{url}{'&' if '?' in url else '?'}have="
    version = blake2s(f"{css} {content}".encode(), digest_size=8).hexdigest()
    context["request"].shown = version
    return format_html(
        '<div id="{}" class="{}" hx-get="{}{}" hx-trigger="every {}" hx-swap="outerHTML">{}</div>',
        *(name, css, address, version, every, content),
    )


@register.filter
def doubted(passage):
    """Positions of the plate that the reader was not sure of; a person's word leaves no doubt."""
    if passage.corrected:
        return []
    return letters.doubted(passage.plate, passage.candidates)


@register.filter
def in_words(measured):
    """How good the plate's picture is."""
    return quality.in_words(measured)


@register.filter
def percent(share):
    return "" if share is None else f"{share:.0%}"


@register.filter
def sure(probability):
    """A probability in percent; with a digit more near the ends, where a machine's bars are."""
    if 0 < probability < 0.001:
        return "under 0.1%"
    near = 0 < probability < 0.02 or 0.98 < probability < 1
    return f"{probability:.1%}" if near else f"{probability:.0%}"


@register.filter
def margin(match):
    """How far the likeliest stay of a kept match is ahead of the second."""
    first, *others = [one["probability"] for one in match["ranked"]]
    return f"{sure(first - others[0])} ahead of the second" if others else "no other is like it"


@register.simple_tag(takes_context=True)
def site_now(context):
    """Occupancy and today's money for the top bar."""
    request = context["request"]
    return site_facts(request.car_park, request.user, timezone.now())


@register.simple_tag(takes_context=True)
def menu_here(context):
    """The sections and pages that the reader may open (`gates.menu.Entry`); none on an error page."""
    user = context.get("user")
    return menu(user, context["request"].path) if user else []


@register.simple_tag(takes_context=True)
def cases_left(context):
    """How many cases of the review queue wait for who looks at this page."""
    request = context["request"]
    return review.queue(request.car_park, request.user, timezone.now()).left
