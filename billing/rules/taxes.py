"""How much of an amount is tax. A rate is in hundredths of a percent, amounts in the smallest unit."""

WHOLE = 10_000


def included(amount, rate):
    """What of `amount` is tax where the tax is in it; of money given back it is negative."""
    return _share(amount, rate, WHOLE + rate)


def added(amount, rate):
    """What comes on top of `amount`."""
    return _share(amount, rate, WHOLE)


def _share(amount, rate, whole):
    """Half of the smallest unit counts as one, either way from nothing."""
    share = (2 * abs(amount) * rate + whole) // (2 * whole)
    return share if amount >= 0 else -share
