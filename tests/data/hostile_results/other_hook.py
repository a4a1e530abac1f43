"""Wants to hear of everything itself."""

import sys


def attack():
    sys.addaudithook(lambda event, arguments: None)
    sys.settrace(None)
    sys.setprofile(lambda *_: None)
