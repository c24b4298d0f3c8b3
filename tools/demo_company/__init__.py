"""Writes the demo company's papers: bills, usage, contracts, inventory and the truth about each seeded error.

Nothing here imports the application: what the bills should say is worked out by arithmetic of its own, so that the
application's findings can be held against it.
"""
