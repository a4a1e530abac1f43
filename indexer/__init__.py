"""The index the bot looks things up in; it knows nothing of the bot."""
