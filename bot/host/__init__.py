"""The host of the repositories: GitHub's REST API, typed. It knows nothing of runs, patches or models."""
