"""Malformed files: each fault with its line and a remedy, all at once, and nothing changed."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from sightpact.agreements import signing
from sightpact.agreements.models import Agreement, SigningKey
from sightpact.cameras.models import Camera, School
from sightpact.ledger.models import Entry
from sightpact.people.models import Party, Person
from sightpact.web.importing.apply import apply
from sightpact.web.importing.cli import app
from sightpact.web.importing.faults import ImportFaults
from sightpact.web.importing.known import Known, known
from sightpact.web.importing.parse import parse
from tests.importing.conftest import KEYS, SIGNED

pytestmark = pytest.mark.django_db
STRANGER = signing.keygen()

# name: (what to replace in the example, by what, words of the fault, text on the line that it names)
# ruff: noqa: E501 - one case a line
BAD: dict[str, tuple[str, str, str, str]] = {
    "not toml": ('kind = "agency"', 'kind = "agency', "This is not TOML", 'kind = "agency'),
    "unknown table": ("[[persons]]", "[[people]]", "'people' is not known here", "[[people]]"),
    "unknown key": ('email = "sam', 'mail = "sam', "'mail' is not known here", "mail ="),
    "missing key": ('short_name = "Lakeview PD"\n', "", "'short_name' is missing", "[[parties]]"),
    "table for list": ("[[schools]]", "[schools]", "Here should be", "[schools]"),
    "wrong type": ('floor = 1', 'floor = "1"', "is not possible", "floor ="),
    "number too large": ("floor = 1", "floor = 1000", "from -20 to 100", "floor ="),
    "not a flag": ("standby = true", 'standby = "yes"', "neither yes nor no", "standby ="),
    "slug": ('slug = "dana"', 'slug = "Dana!"', "is not a plain name", 'slug = "Dana!"'),
    "empty name": ('name = "Dana"', 'name = ""', "It has 0 characters", 'name = ""'),
    "long name": ('name = "Dana"', f'name = "{"x" * 201}"', "It has 201 characters", "xxx"),
    "invisible": ('name = "Dana"', 'name = "Da\u202ena"', "invisible character", "name = "),
    "mail": ('"sam@lakeview.example"', '"sam"', "is not a plain name", "email ="),
    "zone": ('address = "100 Lake Road"\nzone = "America/Chicago"', 'zone = "Chicago"', "not a time zone", "zone = \"Chicago\""),
    "zone folder": ('address = "100 Lake Road"\nzone = "America/Chicago"', 'zone = "America"', "not a time zone", '"America"'),
    "party kind": ('kind = "agency"', 'kind = "police"', "is not a choice", 'kind = "police"'),
    "twice": ('slug = "rosa"', 'slug = "omar"', "stands twice under [[persons]]", 'slug = "omar"'),
    "role's party": ('party = "lakeview-pd", role = "sro"', 'party = "lakeview-fd", role = "sro"', "no party 'lakeview-fd'", '"sro"'),
    "role twice": (
        'roles = [{ party = "lakeview-usd", role = "superintendent" }]',
        'roles = [{ party = "lakeview-usd", role = "it" }, { party = "lakeview-usd", role = "it" }]',
        "stands twice", "roles =",
    ),
    "where one works": ('principal, Lakeview High", school = "lakeview-high"', 'principal", school = "nowhere"', "no school 'nowhere'", "nowhere"),
    "another's school": ('role = "dispatcher", title', 'role = "dispatcher", school = "lakeview-high", title', "is a school of 'lakeview-usd', not of 'lakeview-pd'", 'role = "dispatcher", school'),
    "school's owner": ('owner = "lakeview-usd"', 'owner = "lakeview-isd"', "no party 'lakeview-isd'", "owner ="),
    "agency as owner": ('owner = "lakeview-usd"', 'owner = "lakeview-pd"', "is an agency", "owner ="),
    "area's school": ('school = "lakeview-high"\nkind = "parking"', 'school = "high"\nkind = "parking"', "no school 'high'", '"high"'),
    "area's kind": ('kind = "hallway"\nname', 'kind = "corridor"\nname', "is not a choice", '"corridor"'),
    "camera's area": ('areas = ["lakeview-high-north-lot"]', 'areas = ["north"]', "no area 'north'", "areas = [\"north\"]"),
    "area twice": ('"lakeview-high-hallway-b", "lakeview-high-guidance"', '"lakeview-high-guidance", "lakeview-high-guidance"', "stands twice", "guidance"),
    "address": ("rtsp://10.20.0.11/stream1", "rtsp://127.0.0.1/stream1", "loopback", "127.0.0.1"),
    "metadata": ("rtsp://10.20.0.11/stream1", "rtsp://169.254.169.254/", "metadata", "169.254"),
    "http": ("rtsp://10.20.0.11/stream1", "http://10.20.0.11/", "Only rtsp", "http://"),
    "in the address": ("rtsp://10.20.0.11/", "rtsp://gateway:hunter2@10.20.0.11/", "username and password", "hunter2"),
    "half credentials": ('username = "gateway"\n', "", "'username' is missing", "[[cameras]]"),
    "tag": ('tags = ["west-wing"]', 'tags = ["West Wing"]', "is not a plain name", "tags ="),
    "clause kind": ('kind = "standing_view"', 'kind = "always"', "is not a kind of clause", '"always"'),
    "clause key": ("standing_s = 2", "standing = 2", "'standing' is not known here", "standing = 2"),
    "private in scope": ('"stairwell", "cafeteria"]', '"stairwell", "classroom"]', "cannot be put in scope", "classroom"),
    "deep in a clause": ("minutes = 30, cap_minutes = 30", "minutes = 0, cap_minutes = 30", "is not possible", "minutes = 0"),
    "clause missing": (
        '[[agreements.clauses]]\nnumber = "6.2"\nheading = "When the record cannot be written"\nkind = "log_unwritable"\nthen = "continue"\n',
        "", "", "[[agreements",
    ),
    "party's name in the text": ('name = "Lakeview Police Department"\ncalled', 'name = "Lakeview Police"\ncalled', "Use one name", "[[agreements.clauses.parties]]"),
    "school in the text": ('schools = [{ slug = "lakeview-high"', 'schools = [{ slug = "lakeview-low"', "no school 'lakeview-low'", "schools ="),
    "named unknown": ('person = "omar"', 'person = "olga"', "no person 'olga'", 'person = "olga"'),
    "named of another party": ('person = "omar"', 'person = "pia"', "no role at 'lakeview-pd'", 'person = "pia"'),
    "named twice": ('person = "rosa"', 'person = "omar"', "named twice", 'person = "omar"'),
    "adoption's day": ("on = 2026-06-15", 'on = "June"', "is not a day", "on ="),
    "signed another text": ("emergency_s = 15", "emergency_s = 14", "over another text", "envelope"),
    "no envelope": ("envelope = '{", "envelope = '", "not a signature", "envelope"),
    "signer": ('[[agreements.signatures]]\nparty = "lakeview-pd"', '[[agreements.signatures]]\nparty = "fairmont-pd"', "not a party of it", "fairmont-pd"),
    "no key": ('[[signing_keys]]\nparty = "lakeview-pd"', '[[signing_keys]]\nparty = "lakeview-usd"', "no key to be checked with", "envelope"),
    "another's key": (KEYS["lakeview-pd"].public_pem, STRANGER.public_pem, "", "envelope"),
    "a key for two": (KEYS["lakeview-pd"].public_pem, KEYS["lakeview-usd"].public_pem, "held by 'lakeview-usd' already", "public_pem"),
    "broken key": ("-----BEGIN PUBLIC KEY-----\n", "-----BEGIN PUBLIC KEY-----\nx", "cannot be read", "public_pem"),
}  # fmt: skip


def spoil(name: str) -> str:
    old, new, _, _ = BAD[name]
    assert old in SIGNED, f"the example no longer holds {old!r}"
    return SIGNED.replace(old, new, 1) if name != "clause missing" else SIGNED.replace(old, new)


def nothing_is_here() -> bool:
    tables = (Party, Person, School, Camera, Agreement, SigningKey, Entry)
    return not any(table.objects.exists() for table in tables)


@pytest.mark.parametrize("name", BAD)
def test_each_fault_has_line_and_remedy_and_changes_nothing(name: str, write) -> None:
    _, _, words, near = BAD[name]
    text = spoil(name)
    result = CliRunner().invoke(app, [str(write(text)), "--json"])
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["ok"]) == (1, False)
    hits = [f for f in answer["faults"] if words in f"{f['what']} {f['remedy']}"]
    assert hits, answer["faults"]
    lines = text.split("\n")
    assert any(near in lines[f["line"] - 1] for f in hits), [(f, lines[f["line"] - 1]) for f in hits]
    for fault in answer["faults"]:
        assert fault["remedy"] and fault["what"], fault
        assert "hunter2" not in str(fault) and "made up, 7 words" not in str(fault)
    assert nothing_is_here()


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a = " + b"[" * 5000, b"", b"# only words\n", b"\x00"])
def test_what_is_no_import_file_at_all(content: bytes, write) -> None:
    result = CliRunner().invoke(app, [str(write(content)), "--json"])
    assert result.exit_code == 1 and len(json.loads(result.stdout)["faults"]) == 1


def test_all_faults_at_once_in_the_order_of_lines(write) -> None:
    text = SIGNED
    names = ["mail", "zone", "camera's area", "address", "tag", "named unknown", "area's kind", "broken key"]
    for name in names:
        old, new, _, _ = BAD[name]
        text = text.replace(old, new, 1)
    faults = json.loads(CliRunner().invoke(app, [str(write(text)), "--json"]).stdout)["faults"]
    for name in names:
        assert any(BAD[name][2] in f"{f['what']} {f['remedy']}" for f in faults), name
    assert [f["line"] for f in faults] == sorted(f["line"] for f in faults)


def test_one_fault_does_not_make_ten(write) -> None:
    text = SIGNED.replace('slug = "lakeview-high"\nowner', 'slug = "lakeview-high"\nbuilt = 1960\nowner')
    faults = json.loads(CliRunner().invoke(app, [str(write(text)), "--json"]).stdout)["faults"]
    assert [f["what"] for f in faults] == ["'built' is not known here."]
    assert faults[0]["where"] == "schools 'lakeview-high', built"


def test_a_fault_on_the_last_line_undoes_the_whole(write) -> None:
    text = (
        SIGNED
        + '[[cameras]]\nslug = "z"\nschool = "lakeview-high"\nareas = []\nname = "Z"\naddress = "rtsp://::1/"'
    )
    result = CliRunner().invoke(app, [str(write(text)), "--json"])
    (fault,) = json.loads(result.stdout)["faults"]
    assert fault["line"] == text.count("\n") + 1 and nothing_is_here()


def test_what_only_storing_can_find_undoes_the_whole_too(write, keys) -> None:
    (keys / "server.age").unlink()
    result = CliRunner().invoke(app, [str(write(SIGNED)), "--json"])
    faults = json.loads(result.stdout)["faults"]
    assert result.exit_code == 1 and any("sightpact init" in f["remedy"] for f in faults)
    assert nothing_is_here()


def test_fixed_facts_stay(write) -> None:
    CliRunner().invoke(app, [str(write(SIGNED))])
    count = Entry.objects.count()
    other = '[[parties]]\nslug = "lakeview-pd"\nname = "Lakeview Police Department"\nshort_name = "x"\nkind = "owner"\n'
    moved = '[[schools]]\nslug = "mill"\nowner = "lakeview-usd"\nname = "Mill"\nzone = "UTC"\n[[areas]]\n'
    moved += 'slug = "lakeview-high-guidance"\nschool = "mill"\nkind = "hallway"\nname = "x"\n'
    for text, words in ((other, "stays one"), (moved, "is here as an area of 'lakeview-high'")):
        answer = json.loads(CliRunner().invoke(app, [str(write(text)), "--json"]).stdout)
        assert words in answer["faults"][0]["what"]
    assert Entry.objects.count() == count


LINES = SIGNED.split("\n")
line_numbers = st.integers(0, len(LINES) - 1)
edits = st.one_of(
    st.tuples(st.just("drop"), line_numbers, st.just("")),
    st.tuples(st.just("twice"), line_numbers, st.just("")),
    st.tuples(st.just("swap"), line_numbers, st.just("")),
    st.tuples(
        st.just("put"),
        line_numbers,
        st.sampled_from(["x = 1", "[[persons]]", "]", '"', "slug = 7", "[a]", "é"]),
    ),
    st.tuples(st.just("cut"), line_numbers, st.integers(0, 60).map(str)),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(edits, min_size=1, max_size=4))
def test_no_random_edit_is_ever_half_applied(edits, keys, db) -> None:
    """Whatever is deleted or mangled: either the plan is carried out whole, or faults are said and nothing is there."""
    from django.db import transaction

    lines = list(LINES)
    for what, at, more in edits:
        at = min(at, len(lines) - 1)
        if what == "drop":
            del lines[at]
        elif what == "twice":
            lines.insert(at, lines[at])
        elif what == "swap":
            lines[at], lines[at - 1] = lines[at - 1], lines[at]
        elif what == "put":
            lines.insert(at, more)
        else:
            lines[at] = lines[at][: int(more)]
    content = "\n".join(lines).encode()
    with transaction.atomic():
        try:
            plan = parse(content, known(()))
            done = apply(plan, content)
        except ImportFaults as fault:
            assert fault.faults and all(1 <= f.line <= len(lines) + 1 and f.remedy for f in fault.faults)
            assert nothing_is_here()
        else:
            assert done.changes and Party.objects.count() == len(plan.parties)
            assert Camera.objects.count() == len(plan.cameras) and Person.objects.count() == len(plan.persons)
            assert Entry.objects.filter(type="import").count() == 1
            again = apply(parse(content, known(())), content)
            assert again.changes == ()
        transaction.set_rollback(True)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_a_plan_or_faults(content: bytes) -> None:
    try:
        parse(content, Known())
    except ImportFaults as fault:
        assert fault.faults
