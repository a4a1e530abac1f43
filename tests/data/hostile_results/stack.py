"""Walks the stack down to the harness and calls what writes its records."""


def everything(frame):
    while frame is not None:
        for value in [*frame.f_locals.values(), *frame.f_globals.values()]:
            yield value
            yield from getattr(value, "__dict__", {}).values() if not isinstance(value, type) else ()
        frame = frame.f_back


def attack():
    try:
        raise ValueError
    except ValueError as error:
        frame = error.__traceback__.tb_frame
    forged = {"id": "operator:object.forged", "kind": "operator", "subject": "x", "outcome": "pass"}
    for value in everything(frame):
        if getattr(value, "__name__", "") == "hand_over":
            value(forged)
            for cell in value.__closure__:
                inside = cell.cell_contents
                if getattr(inside, "__name__", "") == "put":
                    inside(frame)
                    inside("anything")
            return
