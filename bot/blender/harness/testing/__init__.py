"""The repository's own tests, run one by one: placed as they expect it, collected, run, their failures told."""
