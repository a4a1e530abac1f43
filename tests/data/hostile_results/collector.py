"""Asks the garbage collector for every object, to find the key among them."""

import gc


def attack():
    for ask in (gc.get_objects, lambda: gc.get_referrers(gc), lambda: gc.get_referents(gc)):
        try:
            ask()
        except Exception as error:
            print(error)
        else:
            raise SystemError("nobody refused")
