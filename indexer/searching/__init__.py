"""How a search is done: the stages between a query and its answer."""
