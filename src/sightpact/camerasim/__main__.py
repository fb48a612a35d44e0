"""`python -m sightpact.camerasim`: the same as `sightpact camera-sim`."""

from .cli import app

app()
