"""Bills in EDIFACT: the message INVOIC of the directories D.93A to D.16B."""
