"""How rules that are tables of renamed things find their places; see `bot.rules.renames`."""
