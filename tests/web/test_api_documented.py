"""docs/reference/api.md lists every call, with an example, and none that there is not."""

from __future__ import annotations

import re
from pathlib import Path

from sightpact.web.api.api import api

PAGE = (Path(__file__).parents[2] / "docs/reference/api.md").read_text()
HEADING = re.compile(r"^### `(GET|POST) (\S+)`$", re.M)


def calls() -> set[tuple[str, str]]:
    paths = api.get_openapi_schema()["paths"]
    return {(method.upper(), path) for path, methods in paths.items() for method in methods}


def documented(page: str) -> set[tuple[str, str]]:
    return {(method, path) for method, path in HEADING.findall(page)}


def test_each_call_is_documented_and_no_other() -> None:
    assert documented(PAGE) == calls()


def test_it_bites() -> None:
    assert documented(PAGE.replace("### `GET /api/v1/record`", "")) != calls()


def test_each_call_has_an_example_of_itself() -> None:
    parts = HEADING.split(PAGE)[1:]
    for method, path, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        verb = "ask" if method == "GET" else "tell"
        example = re.search(r"```sh\n(.*?)```", text, re.S)
        shape = re.sub(r"\\{\w+\\}", r"[^ /]+", re.escape(path.removeprefix("/api/v1/")))
        assert example and re.match(rf'{verb} "?{shape}\b', example.group(1)), f"{method} {path}"


def test_each_answer_is_typed_and_each_fault_is_the_same() -> None:
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, told in methods.items():
            for status, answer in told["responses"].items():
                shape = answer["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
                assert (shape == "Fault") == (int(status) >= 400), f"{method} {path} {status}"
