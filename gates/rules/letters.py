"""Which characters of a plate its reader was not sure of."""

DOUBT_AT = 0.08  # so much probability for another character is worth a person's look


def doubted(plate, candidates):
    """The positions in `plate` for which the candidates (dicts with plate, probability) disagree.

    Only candidates of the same length can be laid over each other.
    """
    against = [0.0] * len(plate)
    for candidate in candidates:
        if len(candidate["plate"]) != len(plate):
            continue
        for place, (ours, theirs) in enumerate(zip(plate, candidate["plate"], strict=True)):
            if ours != theirs:
                against[place] += candidate["probability"]
    return [place for place, weight in enumerate(against) if weight >= DOUBT_AT]
