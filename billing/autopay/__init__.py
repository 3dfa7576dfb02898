"""A driver's card that pays at the exit by itself: the agreement, its letters, its charges."""
