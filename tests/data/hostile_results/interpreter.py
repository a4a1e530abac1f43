"""Makes an interpreter of its own, in which nobody watches."""


def attack():
    import _xxsubinterpreters

    _xxsubinterpreters.run_string(_xxsubinterpreters.create(), "import gc; gc.get_objects()")
