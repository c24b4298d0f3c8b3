"""Tollbook: telecom expense and bill management on your own desk."""

from __future__ import annotations

VERSION = "0.1.0"
