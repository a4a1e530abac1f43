"""Rules about panels, menus and layouts."""
