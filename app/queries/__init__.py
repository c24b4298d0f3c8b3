"""Reads: one file per screen."""
