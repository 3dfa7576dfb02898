"""Public holidays, from the library `holidays`: a calendar such as "GB-ENG" and years in, dates out."""

from functools import lru_cache

import holidays


@lru_cache(maxsize=2000)
def of_year(calendar, year):
    """The public holidays of a year, as a frozenset of dates."""
    country, _, part = calendar.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))


@lru_cache(maxsize=2000)
def between(calendar, first_year, last_year):
    """Those of the years from `first_year` to `last_year`."""
    years = range(first_year, last_year + 1)
    return frozenset().union(*(of_year(calendar, year) for year in years))


def known(calendar):
    """Whether there is such a calendar."""
    country, _, part = calendar.partition("-")
    parts = holidays.list_supported_countries().get(country)
    return parts is not None and (not part or part in parts)
