"""What stands in for a screen: layouts that only record, buttons, editors, operators that are guarded."""
