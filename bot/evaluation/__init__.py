"""Cases run and judged: what the bot is worth, in figures that say what they mean."""
