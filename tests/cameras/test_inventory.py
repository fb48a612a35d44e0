from __future__ import annotations

import dataclasses

import pytest

from sightpact.cameras import actions, credentials, reads
from sightpact.cameras.actions import AreaSpec, CameraSpec, SchoolSpec
from sightpact.cameras.errors import AddressFault, CamerasError, InventoryFault
from sightpact.cameras.models import Camera
from sightpact.ledger import reads as ledger
from sightpact.ledger.models import Entry, Opening
from sightpact.people import reads as people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("district")]


def card(slug: str) -> reads.CameraCard:
    return next(c for c in reads.cameras() if c.slug == slug)


def spec(slug: str = "high-2", **more) -> CameraSpec:
    return dataclasses.replace(
        CameraSpec(
            "high-2",
            "high",
            "Hallway 1 West",
            "rtsps://10.20.0.2:322/s?channel=1",
            ("high-hall",),
            order=2,
            username="viewer",
            password="pa:ss/w@rd ü",
            standby=True,
            tags=("ground", "west"),
        ),
        slug=slug,
        **more,
    )


def test_cards_by_school_and_order_in_two_queries(django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        cards = reads.cameras()
    assert [(c.slug, c.number) for c in cards] == [
        ("high-1", 1),
        ("high-2", 2),
        ("high-3", 3),
        ("middle-1", 1),
    ]
    two, three, lost = card("high-2"), card("high-3"), card("middle-1")
    assert (two.school_name, two.area_kinds, two.area_names) == (
        "Lakeview High",
        {"hallway"},
        ("Hallway 1 West",),
    )
    assert two.tags == {"west", "ground"} and two.standby and not two.exterior and not two.private
    assert three.private and three.classified
    assert not lost.classified and not lost.private and not lost.exterior
    assert card("high-1").exterior


def test_facts_say_the_same_as_cards() -> None:
    facts = reads.cameras_for_facts()
    for c in reads.cameras():
        fact = facts[c.id]
        assert (fact.owner, fact.school, fact.area_kinds, fact.classified, fact.private) == (
            c.owner_id,
            c.school_id,
            c.area_kinds,
            c.classified,
            c.private,
        )
    assert {s.slug for s in reads.schools_for_facts().values()} == {"high", "middle"}


def test_sources_hold_opened_credentials_and_never_show_them() -> None:
    sources = {s.id: s for s in reads.sources()}
    two = sources[card("high-2").id]
    assert (two.username, two.password, two.standby) == ("viewer", "pa:ss/w@rd ü", True)
    assert "viewer" not in repr(two) and "pa:ss" not in repr(spec())
    assert b"viewer" not in bytes(Camera.objects.get(slug="high-2").credentials)
    assert sources[card("high-1").id].username == ""


def test_a_camera_whose_password_cannot_be_opened_is_not_tried(keys, caplog) -> None:
    (keys / credentials.SERVER_KEY).unlink()
    credentials.make_server_key(keys)
    credentials.open_sealed.cache_clear()
    assert card("high-2").id not in {s.id for s in reads.sources()}
    assert len(reads.sources()) == 3 and card("high-2").id in caplog.text
    assert actions.put_inventory(cameras=[spec()])[0].fields == ("credentials",)
    assert len(reads.sources()) == 4


def test_the_same_again_changes_records_and_moves_nothing() -> None:
    before, entries = ledger.epoch(), Entry.objects.count()
    sealed = bytes(Camera.objects.get(slug="high-2").credentials)
    assert actions.put_inventory(cameras=[spec()]) == ()
    assert (ledger.epoch(), Entry.objects.count()) == (before, entries)
    assert bytes(Camera.objects.get(slug="high-2").credentials) == sealed


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"name": "Hall"}, ("name",)),
        ({"password": "other"}, ("credentials",)),
        ({"username": "", "password": ""}, ("credentials",)),
        ({"areas": ("high-hall", "high-guidance")}, ("areas",)),
        ({"areas": ()}, ("areas",)),
        ({"address": "rtsp://10.20.0.9/", "tags": ()}, ("tags", "address")),
        ({"in_service": False}, ("in_service",)),
        ({"school": "middle", "areas": ("middle-lobby",)}, ("school", "areas")),
    ],
)
def test_a_change_is_named_recorded_and_moves_the_world(change, fields) -> None:
    before = ledger.epoch().world
    (made,) = actions.put_inventory(cameras=[spec(**change)], by=people.person_by_slug("dana"))
    assert (made.what, made.slug, made.fields) == ("altered", "high-2", fields)
    assert ledger.epoch().world == before + 1
    entry = Entry.objects.latest("index")
    assert (entry.type, entry.party) == ("inventory_change", "lakeview-usd")
    shown = {o.field: o.value for o in Opening.objects.filter(index=entry.index)}
    assert "altered camera high-2" in shown["text"] and shown["person"].startswith("Dana")
    assert "pa:ss" not in shown["text"] and "other" not in shown["text"]


def test_one_entry_a_school_however_many_cameras() -> None:
    entries = Entry.objects.count()
    many = [spec(f"m-{n}", school="middle", areas=("middle-lobby",), name=f"Camera {n}") for n in range(60)]
    actions.put_inventory(cameras=[*many, spec(name="Hall")])
    assert Entry.objects.count() == entries + 2
    assert len(reads.cameras()) == 64
    text = Opening.objects.filter(field="text", value__contains="m-59").get().value
    assert len(text) <= 4000


def test_a_long_list_is_cut_and_named_by_its_hash() -> None:
    actions.put_inventory(cameras=[spec(f"long-camera-name-{n}", name="x") for n in range(150)])
    text = Opening.objects.filter(field="text").latest("index").value
    assert len(text) <= 4000 and "150 changes in all, sha256 " in text


REFUSED = {
    "no school": (InventoryFault, lambda: actions.put_inventory(cameras=[spec(school="x")])),
    "no area": (InventoryFault, lambda: actions.put_inventory(cameras=[spec(areas=("x",))])),
    "area elsewhere": (
        InventoryFault,
        lambda: actions.put_inventory(cameras=[spec(areas=("middle-lobby",))]),
    ),
    "loopback": (AddressFault, lambda: actions.put_inventory(cameras=[spec(address="rtsp://127.0.0.1/")])),
    "password in it": (
        AddressFault,
        lambda: actions.put_inventory(cameras=[spec(address="rtsp://a:b@10.0.0.1/")]),
    ),
    "kind": (InventoryFault, lambda: actions.add_area(AreaSpec("a", "high", "roof", "Roof"))),
    "area moves": (
        InventoryFault,
        lambda: actions.put_inventory(areas=[AreaSpec("high-hall", "middle", "hallway", "H")]),
    ),
    "owner": (InventoryFault, lambda: actions.add_school(SchoolSpec("s", "lakeview-pd", "S"))),
    "unknown owner": (InventoryFault, lambda: actions.add_school(SchoolSpec("s", "nobody", "S"))),
    "taken school": (InventoryFault, lambda: actions.add_school(SchoolSpec("high", "lakeview-usd", "S"))),
    "taken camera": (InventoryFault, lambda: actions.add_camera(spec())),
    "area in use": (InventoryFault, lambda: actions.withdraw_area("high-guidance")),
    "no camera": (InventoryFault, lambda: actions.withdraw_camera("x")),
    "no area to go": (InventoryFault, lambda: actions.withdraw_area("x")),
    "no school to go": (InventoryFault, lambda: actions.withdraw_school("x")),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refusals_change_nothing(case: str) -> None:
    kind, call = REFUSED[case]
    before, entries = reads.cameras(), Entry.objects.count()
    with pytest.raises(CamerasError) as fault:
        call()
    assert isinstance(fault.value, kind) and fault.value.next_step
    assert (reads.cameras(), Entry.objects.count()) == (before, entries)


def test_a_fault_at_the_last_camera_undoes_the_first() -> None:
    with pytest.raises(InventoryFault):
        actions.put_inventory(
            schools=[SchoolSpec("new", "lakeview-usd", "New")],
            cameras=[spec(name="Changed"), spec("z", areas=("x",))],
        )
    assert card("high-2").name == "Hallway 1 West" and len(reads.schools()) == 2


def test_withdrawing() -> None:
    assert actions.withdraw_camera("high-1") is True
    assert actions.withdraw_camera("high-1") is False
    assert not card("high-1").in_service
    assert card("high-1").id not in {s.id for s in reads.sources()}
    assert {c.slug for c in actions.withdraw_school("high")} == {"high-2", "high-3"}
    assert [c.slug for c in reads.cameras() if c.in_service] == ["middle-1"]
    actions.withdraw_area("middle-lobby")
    assert "middle-lobby" not in {a.slug for a in reads.areas()}


def test_of_another_owner_nothing_is_listed() -> None:
    usd = people.party_by_slug("lakeview-usd").id
    assert len(reads.cameras(usd)) == 4 and len(reads.schools(usd)) == 2 and len(reads.connections(usd)) == 4
    stranger = people.party_by_slug("lakeview-pd").id
    assert (reads.cameras(stranger), reads.schools(stranger), reads.connections(stranger)) == ((), (), {})


def test_what_a_spec_leaves_open_stays_as_it_is() -> None:
    actions.withdraw_camera("high-2")
    assert (
        actions.put_inventory(cameras=[spec(username=None, password=None, in_service=None, order=None)]) == ()
    )
    assert actions.put_inventory(cameras=[spec("new", order=None)])[0].what == "added"
    assert card("new").in_service and card("new").order == 4
    assert not card("high-2").in_service
