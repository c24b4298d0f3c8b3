"""The rules, one file each, named by the accusation; app/audit/packs.py lists them."""
