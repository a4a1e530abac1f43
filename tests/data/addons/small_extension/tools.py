# ruff: noqa
def run(thing):
    return thing.data.polygons[0].no_such_member
