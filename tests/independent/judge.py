"""When two numbers are the same."""

RELATIVE = 1e-6


class Mismatch(Exception):
    """The product and the independent program disagree."""


def near(what, ours, theirs, relative=RELATIVE, absolute=1e-7):
    if ours is None or not abs(ours - theirs) <= max(absolute, relative * max(abs(ours), abs(theirs))):
        raise Mismatch(f"{what}: {ours}, independently {theirs}")


def at_least(what, ours, bound, relative=RELATIVE, absolute=1e-6):
    if ours is None or ours < bound - max(absolute, relative * abs(bound)):
        raise Mismatch(f"{what}: {ours}, independently at least {bound}")
