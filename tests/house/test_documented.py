"""Every setting, environment variable and command is explained in docs/reference, and nothing is that no longer exists."""

import dataclasses
import re
from typing import Any

from typer import Typer
from typer.main import get_command

from sightpact.web import cli, config
from tests.house.tree import ROOT, SOURCE, files

SETTINGS = (ROOT / "docs/reference/settings.md").read_text()
COMMANDS = (ROOT / "docs/reference/commands.md").read_text()

CODE_VARIABLE = re.compile(r"[\"'](SIGHTPACT_[A-Z_]+)[\"']")


def walk(command: Any, name: str) -> list[str]:
    """Full names of the commands at and below one; a command with others below it is none itself."""
    below = getattr(command, "commands", None)
    return [f for child, sub in below.items() for f in walk(sub, f"{name} {child}")] if below else [name]


def all_commands() -> list[str]:
    found = []
    for name in cli.SUBCOMMANDS:
        loaded = cli.load(name)
        found += walk(get_command(loaded) if isinstance(loaded, Typer) else loaded, f"sightpact {name}")
    return found


def missing_settings(text: str) -> list[str]:
    return [f.name for f in dataclasses.fields(config.Config) if f"`{f.name}`" not in text]


def missing_commands(text: str) -> list[str]:
    headings = re.findall(r"^#+ `(sightpact[^`\[]*?)(?: [A-Z\[<-][^`]*)?`$", text, re.M)
    return [command for command in all_commands() if command not in headings]


def test_each_setting_is_documented():
    assert missing_settings(SETTINGS) == []


def test_each_environment_variable_is_documented():
    read = {name for path in files(".py", under=SOURCE) for name in CODE_VARIABLE.findall(path.read_text())}
    assert sorted(name for name in read if f"`{name}`" not in SETTINGS) == []


def test_no_setting_is_documented_that_is_none():
    known = {f.name for f in dataclasses.fields(config.Config)}
    told = re.findall(r"^\| `([a-z_]+)`", SETTINGS, re.M)
    assert [name for name in told if name not in known] == []


def test_each_command_is_documented():
    assert missing_commands(COMMANDS) == []


def test_no_command_is_documented_that_is_none():
    told = re.findall(r"^#+ `(sightpact[a-z -]*?)(?: [A-Z\[<-][^`]*)?`$", COMMANDS, re.M)
    assert [name for name in told if name not in all_commands()] == []


def test_it_bites_on_settings():
    assert missing_settings(SETTINGS.replace("`edge_port`", "")) == ["edge_port"]


def test_it_bites_on_commands():
    assert "sightpact serve" in missing_commands(COMMANDS.replace("`sightpact serve`", ""))
