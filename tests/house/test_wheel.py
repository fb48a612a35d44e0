"""One wheel holds everything that runs: no user needs Node, a checkout or a network beyond the packages."""

import subprocess
import sys
import zipfile

import pytest

from tests.house.tree import ROOT, SOURCE

CARRIED = {
    ".py",
    ".html",
    ".txt",
    ".js",
    ".css",
    ".svg",
    ".woff2",
    ".json",
    ".toml",
    ".mo",
    ".cedar",
    ".png",
    ".webmanifest",
}


@pytest.fixture(scope="module")
def inside(tmp_path_factory) -> set[str]:
    """The names in a wheel built here, offline, with the builder that is installed."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = out.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_carries_what_stands_beside_the_code(inside):
    wanted = {
        f"sightpact/{path.relative_to(SOURCE)}"
        for path in SOURCE.rglob("*")
        if path.is_file() and path.suffix in CARRIED and "__pycache__" not in path.parts
    }
    assert sorted(wanted - inside) == []


@pytest.mark.parametrize("kind", ["/templates/", "/static/", "/components/", "/migrations/", "/third_party/"])
def test_each_kind_is_there(kind, inside):
    assert any(kind in name for name in inside)


def test_the_licence_is_in_it_and_no_tests_are(inside):
    assert any(name.endswith("licenses/LICENSE") for name in inside)
    assert not any(name.startswith("tests/") for name in inside)


def test_what_is_beside_the_code_has_a_known_ending():
    """A new kind of file must be thought about: does it run, does it travel?"""
    found = {path.suffix for path in SOURCE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert found - CARRIED - {".md", ".po"} == set()
