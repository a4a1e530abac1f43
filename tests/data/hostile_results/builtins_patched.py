"""Exchanges built-in functions and those of the modules the harness uses."""

import ast
import builtins
import hashlib
import inspect
import json
import os
import signal
import sys
import threading
import time
import traceback


def attack():
    json.dumps = json.JSONEncoder.encode = lambda *_, **__: '{"id": "operator:object.forged", "outcome": "pass"}'
    hashlib.blake2b = hashlib.sha256
    os.write = lambda descriptor, data: len(data)
    os._exit = lambda status: None
    traceback.walk_tb = lambda trace: iter(())
    signal.signal = lambda *_: None
    signal.setitimer = lambda *_: None
    time.monotonic = lambda: 0.0
    inspect.isroutine = lambda value: False
    ast.walk = lambda node: iter(())
    threading.settrace = lambda function: None
    builtins.issubclass = lambda *_: False
    main = sys.modules["__main__"]
    for name in [name for name in vars(main) if not name.startswith("__")]:
        setattr(main, name, None)
    sys.excepthook = lambda *_: None
