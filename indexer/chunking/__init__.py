"""How files are taken apart into symbols and chunks."""
