"""What a fresh process would otherwise do in somebody's worst minute, done beforehand: addresses and
templates read, the law asked.

Runs beside the server in a thread of its own. Nothing depends on it; a failure is logged and forgotten.
"""

from __future__ import annotations

import gc
import logging
from itertools import islice
from pathlib import Path

from django.db import close_old_connections
from django.template import TemplateDoesNotExist, loader
from django.urls import reverse

from sightpact.access import facts, switch

log = logging.getLogger(__name__)
MOST = 50  # persons whose switch is made ready
FOLDERS = (Path(__file__).parent / "templates/web", Path(__file__).parents[1] / "live/templates/live")


def warm() -> None:
    """Compile every template of the switch, the wall and the board, and ask the law once for each who may start.

    What is here then stays: the collector need not look through it again, which would hold everything up for a tenth of a second.
    """
    try:
        reverse("wall")  # reads every address, and with them the API's forms
        for folder in FOLDERS:
            for file in sorted(folder.glob("*.html")):
                loader.get_template(f"{folder.name}/{file.name}")
        snapshot = facts.snapshot()
        starters = (
            p.id for p in snapshot.world.inventory.persons.values() if switch.schools_of(snapshot, p.id)
        )
        for person in islice(starters, MOST):
            switch.options(person)
        gc.collect()
        gc.freeze()
    except TemplateDoesNotExist as fault:
        log.warning("a template was not compiled beforehand: %s", fault)
    except Exception:
        log.exception("warming failed; the first pages of each kind take longer")
    finally:
        close_old_connections()
