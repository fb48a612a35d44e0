"""Promise 4. An unclassified camera, an unnamed person, an unknown situation: nothing. Private areas: never, for nobody but
the owner. What is closed is not even spoken of.
"""

from __future__ import annotations

import asyncio
import json

from tests.deployment import Deployment
from tests.promises.conftest import watching


def test_an_emergency_opens_no_private_and_no_unclassified_camera(lakeview: Deployment) -> None:
    async def run() -> None:
        await asyncio.to_thread(lakeview.start_sharing)
        private, unclassified = lakeview.camera("guidance"), lakeview.camera("new-camera")
        other_school = lakeview.camera("hallway", "lakeview-middle")
        asked = [
            lakeview.inside[0],
            private,
            unclassified,
            other_school,
            "00000000-0000-4000-8000-000000000000",
        ]
        async with watching(lakeview, "omar", asked) as omar:
            await omar.until(
                lambda: omar.tiles[1].frames > 3 and all(omar.tiles[n].refused for n in range(2, 6))
            )
            heard = {n: (t.refused["code"], t.refused["text"]) for n, t in omar.tiles.items() if t.refused}
            assert heard[2] == heard[3] == heard[5], "never theirs and unknown read the same"
            assert heard[4][0] == "closed"
        async with watching(lakeview, "sam", [unclassified, private]) as sam:
            await sam.until(lambda: all(t.refused for t in sam.tiles.values()))

    asyncio.run(run())


def test_police_find_no_inside_name_place_or_count_anywhere(lakeview: Deployment) -> None:
    """Every page that Omar may open, before an emergency, searched for every inside camera's name, place and id."""
    tables = json.loads(lakeview.python(HIDDEN))
    omar = lakeview.page("omar")
    pages = [
        "/",
        "/wall/",
        "/wall/state/",
        "/agreements/",
        "/agreements/lakeview-mou/",
        "/record/",
        "/watching/",
        "/switch/",
    ]
    pages += ["/cameras/", "/today/", "/public/", "/help/", "/agreements/lakeview-house/", "/no/such/page/"]
    for path in pages:
        answer = omar.get(path)
        for secret in tables["secrets"]:
            assert secret not in answer.text, f"{path} names {secret!r}"


HIDDEN = """
import json, django
django.setup()
from sightpact.cameras import reads
from sightpact.decide.facts import EXTERIOR_AREA_KINDS
hidden = [c for c in reads.cameras() if not (c.area_kinds and c.area_kinds <= EXTERIOR_AREA_KINDS)]
secrets = {w for c in hidden for w in (c.id, c.slug, c.name, c.place) if len(w) > 6}
print(json.dumps({"secrets": sorted(secrets), "count": len(hidden)}))
"""
