"""How numbers of people are told so that nothing is told of a few."""


def told(people: int, fewest: int) -> int | None:
    """A number of people as it is published: nothing for a few, else to the nearest multiple of ``fewest``, so that
    no difference of two numbers tells exactly of a few either.
    """
    if 0 < people < fewest:
        return None
    return fewest * ((2 * people + fewest) // (2 * fewest))
