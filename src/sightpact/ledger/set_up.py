"""Django, set up once, before a command touches the database. What imports this imports no Django yet: `--help` stays quick.

Never: another way to begin a command.
"""

from __future__ import annotations

import os


def set_up_django() -> None:
    """Set Django up with the product's settings, unless it stands already (in a test, or called by another command)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightpact.web.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
