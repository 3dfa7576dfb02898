"""How long, as people say it."""

from django import template

register = template.Library()


@register.filter
def duration(span):
    """timedelta -> "12 s", "14 min", "2 h 14 min", "3 d 2 h"; nothing for None."""
    if span is None:
        return ""
    seconds = max(0, int(span.total_seconds()))
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if minutes < 1:
        return f"{seconds} s"
    if hours < 1:
        return f"{minutes} min"
    if days < 1:
        return _two(hours, "h", minutes % 60, "min")
    return _two(days, "d", hours % 24, "h")


def _two(large, unit, rest, smaller):
    return f"{large} {unit} {rest} {smaller}" if rest else f"{large} {unit}"
