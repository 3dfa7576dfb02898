"""Does this permit cover this moment?"""


def covers(starts_at, ends_at, now):
    """Whether `now` lies in [starts_at, ends_at); no end means until somebody ends it. Aware UTC."""
    return starts_at <= now and (ends_at is None or now < ends_at)
