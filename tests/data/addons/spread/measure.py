"""Lengths of things."""


def step_of(things, gap):
    """The distance between two neighbours: the widest thing and a gap, shared by the gaps there are."""
    widest = max(thing.dimensions.x for thing in things)
    return widest + gap / (len(things) - 1)


def height_of(thing):
    """How high a thing is, in units of the scene."""
    return thing.dimensions.y
