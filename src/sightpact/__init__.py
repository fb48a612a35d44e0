"""Sightpact: live school cameras shared with police exactly as far as a signed agreement allows."""

__version__ = "0.1.0"
