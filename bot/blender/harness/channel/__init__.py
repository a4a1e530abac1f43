"""How what was found gets out, signed, although the add-on runs in the same process."""
