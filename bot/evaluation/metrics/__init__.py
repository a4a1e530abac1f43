"""One file per family of figures; each says in its docstring what it measures, and docs/eval.md repeats it."""
