"""A bench in parts: what is asked for alone runs alone, and a part that fails takes nobody else's figures with it."""

from __future__ import annotations

from typing import Any

import pytest

from sightpact.bench import activation, live
from sightpact.bench.deployment import DeploymentFailed
from sightpact.bench.parts import Part, PartsFailed, run_parts, wanted
from sightpact.bench.rows import Progress, row


def _measured(id: str) -> Part:
    def run(progress: Progress, _quick: bool) -> list[dict[str, Any]]:
        progress(0.5, id)
        return [row(id, id, "ms", [1.0], samples=1)]

    return Part(id, (id,), run)


def _failing(_progress: Progress, _quick: bool) -> list[dict[str, Any]]:
    raise DeploymentFailed("the edge does not run")


def test_the_others_are_measured_and_the_fault_is_said() -> None:
    parts = (_measured("a.one"), Part("two", ("a.two",), _failing), _measured("a.three"))
    said: list[tuple[float, str]] = []
    with pytest.raises(PartsFailed) as caught:
        run_parts(parts, lambda done, text: said.append((round(done, 2), text)), quick=True)
    assert [each["id"] for each in caught.value.rows] == ["a.one", "a.three"]
    assert caught.value.faults == ["a.two: the edge does not run"]
    assert [done for done, _text in said] == sorted(done for done, _text in said) and said[-1][0] == 1.0


def test_a_browser_that_gives_up_spares_the_others_too() -> None:
    """What a part's own tools raise is told like a part that did not start."""

    def gives_up(_progress: Progress, _quick: bool) -> list[dict[str, Any]]:
        raise RuntimeError("Page.wait_for_function: Timeout 240000ms exceeded.\nCall log: ...")

    parts = (Part("two", ("a.two",), gives_up), _measured("a.three"))
    with pytest.raises(PartsFailed) as caught:
        run_parts(parts, lambda _done, _text: None, quick=True)
    assert [each["id"] for each in caught.value.rows] == ["a.three"]
    assert caught.value.faults == ["a.two: RuntimeError: Page.wait_for_function: Timeout 240000ms exceeded."]


def test_only_what_is_named() -> None:
    (taps,) = wanted(activation.PARTS, ["activation.tap_to_screen_ms_p95"])
    assert "activation.owner_told_ms_p95" in taps.rows, "one deployment measures them together"
    assert wanted(activation.PARTS, []) == activation.PARTS
    assert [len(wanted(live.PARTS, [id])) for id in ("live.suspend", "live.", "activation.")] == [1, 4, 0]
