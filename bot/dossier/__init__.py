"""What a model is told: faults, code, API and exemplars as pieces of ranks, chosen by what the faults touch."""
