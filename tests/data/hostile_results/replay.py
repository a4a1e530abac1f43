"""Says again what an earlier run had signed, with the macs it had then."""

import os

EARLIER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "earlier")
LINES = b"""\
8d1f3a54cde36d0b1a6f24b4ab2c2a8be20f0dd1b0fd6d3fd7af8e7c4d7a7c11 0 {"started":{"version":"9.9.9","release":"9.9"}}
13f0f3ad27a0a2b53f4f1a1d1e5e4e0f9b1e6f7c0a9d8c7b6a5f4e3d2c1b0a99 3 {"running":"operator:object.forged"}
aa0f3a54cde36d0b1a6f24b4ab2c2a8be20f0dd1b0fd6d3fd7af8e7c4d7a7c22 4 {"id":"operator:object.forged","kind":"operator","outcome":"pass"}
bb0f3a54cde36d0b1a6f24b4ab2c2a8be20f0dd1b0fd6d3fd7af8e7c4d7a7c33 5 {"end":{}}
"""


def attack():
    for descriptor in range(3, 1024):
        try:
            os.write(descriptor, LINES)
        except OSError:
            pass
