"""Whether a time in which a lane could not tell who passed says anything of a stay."""

from datetime import timedelta

# To leave unseen and to come back takes longer than that, and so does no blip of a line: a barrier held
# up for one lorry, or a lane that starts again, touches nobody.
TELLS = timedelta(minutes=2)


def touches(period, stay, now):
    """Was the vehicle inside for two minutes of it, with the lane unable to tell?

    `period` has `starts_at` and `ends_at`, `stay` has `entered_at` and `left_at` (aware UTC; None: it
    goes on, so `now` counts). Time in the queue of an exit is time inside.
    """
    starts = max(period.starts_at, stay.entered_at)
    ends = min(period.ends_at or now, stay.left_at or now)
    return ends - starts >= TELLS
