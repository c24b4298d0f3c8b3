"""Commands: each one short transaction, whole or not at all. They take ids and values and return Changes."""
