"""Questions about the API of this very release, answered."""
