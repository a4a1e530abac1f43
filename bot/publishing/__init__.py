"""From a bundle to a pull request: the bundle is verified, its patch put on a branch, and the result told.

Nothing here runs, checks out or imports what a repository or a bundle holds: both are data from strangers.
"""
