"""Error patterns every developer of add-ons meets: a folder each in `known/`, read by `catalogue`, told by `page`."""
