"""Rules about scenes, view layers and the objects in them."""
