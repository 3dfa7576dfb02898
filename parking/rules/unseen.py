"""How likely a stay is two visits, between which its vehicle left and came back without being read.

No read tells that from one long stay, so it is reckoned from what the site is like. Of the vehicles that
come or leave a share `missed` is not read. A stay is two visits where its vehicle was missed twice, on
its way out and on its way back, and came back on the same day: `RETURNS * missed * missed`. A stay
that is shorter than usual hardly leaves time for two and the way between them: half as long, a quarter
as likely. Beyond the usual length long stays and double ones grow rarer together.

`RETURNS` and `MOST` are choices, tried out on a thousand made-up days (`benchmarks/days/visits.py`). With
them a site that misses up to 1.4 % charges as usual. One that misses 3 % charges by machine what lasted
less than half of a usual stay, and should mend its lanes first.
"""

from math import sqrt

RETURNS = 0.1  # of the vehicles that leave, those that come again on the same day
# A machine charges no stay that is likelier two. Far below what any one match must reach: a site has such
# stays day after day, and the driver has no picture that proves him right.
MOST = 0.00002


def two_visits(missed, lasted, usual):
    """The probability (0..1) that a stay which lasted so long is two visits.

    `missed`: the share of passing vehicles that are not read; `lasted` and `usual`, how long stays here
    last, are timedeltas, the latter above 0.
    """
    return RETURNS * missed**2 * min(1.0, max(lasted / usual, 0.0)) ** 2


def longest_charged(missed, usual):
    """The longest stay (a timedelta) that a machine charges at such a site; None where any is."""
    at_most = RETURNS * missed**2
    return usual * sqrt(MOST / at_most) if at_most > MOST else None
