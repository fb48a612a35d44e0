"""Another party reads what its own people did, where the agreement says so: looks, and no names of what was closed."""

from __future__ import annotations

import csv
import io
import uuid

import pytest

from sightpact.access import actions as access
from sightpact.ledger.entries import NewEntry, Secret
from sightpact.people import actions as people
from sightpact.record import reads
from tests import lakeview
from tests.browser import as_person, streamed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def district(transactional_db: None) -> lakeview.Lakeview:
    lakeview.build()
    roles = [people.Role("lakeview-pd", "chief", "chief of police")]
    people.add_person(people.PersonSpec("hana", "Hana Brandt"), roles)
    return lakeview.found()


def look(district: lakeview.Lakeview, who: str, party: str, kind: str = "admission") -> None:
    person, camera = (
        Secret(district.people[who], f"{who} of the cast"),
        Secret(str(uuid.uuid4()), f"camera {kind}"),
    )
    secret = {"person": person, "camera": camera, "school": Secret("s", "Lakeview High")}
    access.note([NewEntry(kind, party=party, clause="3.1", reason_code="closed", secret=secret)])


def test_the_chief_reads_what_the_own_people_did(district: lakeview.Lakeview) -> None:
    look(district, "omar", "lakeview-pd")
    look(district, "omar", "lakeview-pd", "refusal")
    look(district, "sam", "lakeview-usd")
    chief = as_person("hana")
    assert reads.may_read(district.people["hana"]) == "lakeview-pd"
    page = chief.get("/record/?what=all").content.decode()
    assert "omar of the cast" in page and "camera admission" in page
    assert "sam of the cast" not in page
    assert "camera refusal" not in page
    assert 'href="/record/"' in page
    assert "/watching/" not in page
    text = streamed(chief.get("/record/file.csv"))
    rows = {row["kind"]: row for row in csv.DictReader(io.StringIO(text))}
    assert (rows["look"]["camera"], rows["refused"]["camera"], rows["refused"]["school"]) == (
        "camera admission",
        "",
        "",
    )


def test_a_camera_s_number_finds_no_refusal_for_another_party(district: lakeview.Lakeview) -> None:
    look(district, "omar", "lakeview-pd", "refusal")
    asked = reads.Asked(camera=str(uuid.uuid4()), what="refused")
    assert len(reads.search(district.people["hana"], asked).rows) == 1  # as without the filter
    assert reads.search(district.people["sam"], asked).rows == ()


def test_dispatchers_and_strangers_read_nothing(district: lakeview.Lakeview) -> None:
    for who in ("omar", "rosa", "ines", "pia"):
        assert as_person(who).get("/record/").status_code == 404, who
