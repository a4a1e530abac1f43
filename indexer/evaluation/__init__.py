"""How good retrieval is, measured: questions with known answers, and a repository's own history."""
