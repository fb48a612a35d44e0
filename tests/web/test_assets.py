"""Third-party files are what the manifest says; signs that pages draw exist; components stay small."""

from __future__ import annotations

import hashlib
import json
import re
import struct
from gettext import GNUTranslations
from pathlib import Path

import sightpact

HOUSE = Path(sightpact.__file__).parent
THIRD_PARTY = HOUSE / "web" / "static" / "third_party"
MOST_LINES = 300


def test_the_manifest_names_every_third_party_file_with_its_hash_and_licence() -> None:
    listed = json.loads((THIRD_PARTY / "manifest.json").read_text())
    for each in listed:
        assert hashlib.sha256((THIRD_PARTY / each["file"]).read_bytes()).hexdigest() == each["sha256"], each[
            "file"
        ]
        assert (THIRD_PARTY / each["licence_file"]).exists()
    known = {each["file"] for each in listed} | {each["licence_file"] for each in listed} | {"manifest.json"}
    assert {path.name for path in THIRD_PARTY.iterdir()} == known


def test_every_sign_that_a_page_draws_exists() -> None:
    drawn = re.compile(r'{%\s*icon\s+"([^"]+)"')
    symbols = set(re.findall(r'<symbol id="([^"]+)"', (HOUSE / "web/static/web/icons.svg").read_text()))
    for page in HOUSE.rglob("templates/**/*.html"):
        missing = set(drawn.findall(page.read_text())) - symbols
        assert not missing, f"{page.name} draws {missing}, which icons.svg does not have"


def test_every_component_is_under_its_length() -> None:
    for file in HOUSE.rglob("components/*.js"):
        assert len(file.read_text().splitlines()) < MOST_LINES, file.name


def test_style_sheets_ask_only_for_files_that_are_here() -> None:
    for sheet in (HOUSE / "web/static/web").glob("*.css"):
        for wanted in re.findall(r'url\("([^"]+)"\)', sheet.read_text()):
            assert (sheet.parent / wanted).resolve().exists(), f"{sheet.name}: {wanted}"


def test_the_spanish_catalogue_is_compiled_from_its_source_and_every_source_string_is_still_used() -> None:
    folder = HOUSE / "web/locale/es/LC_MESSAGES"
    source = (folder / "django.po").read_text()
    with (folder / "django.mo").open("rb") as file:
        compiled = GNUTranslations(file)
    used = "\n".join(p.read_text() for p in HOUSE.rglob("*") if p.suffix in (".html", ".py"))
    used = re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", used)
    for wanted, said in re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', source, re.M):
        assert compiled.gettext(wanted) == said, f"compile again: msgfmt -o django.mo django.po ({wanted})"
        assert wanted in used, f"no page says {wanted!r} any more"


def test_a_phone_that_keeps_the_site_has_an_icon_of_each_size() -> None:
    static = HOUSE / "web/static/web"
    icons = json.loads((static / "app.webmanifest").read_text())["icons"]
    pngs = [icon for icon in icons if icon["type"] == "image/png"]
    for icon in (*pngs, {"src": "/static/web/icons/icon-180.png", "sizes": "180x180"}):
        path = HOUSE / "web" / icon["src"].lstrip("/")
        size = struct.unpack(">II", path.read_bytes()[16:24])
        assert f"{size[0]}x{size[1]}" == icon["sizes"] and path.stat().st_size < 10_000
    assert {"any", "maskable"} == {icon["purpose"] for icon in pngs}
