"""An agreement's policies as Cedar's own parser gives them, with what they mention. Never: a parser of our own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cedarpy

from sightpact.decide.cedar_schema import DecideError

Node = dict[str, Any]
Uid = tuple[str, str]  # (entity type, id)


class NotModelled(DecideError):
    """The evaluator met something that it does not know exactly. The proof then fails; nothing is guessed."""

    def __init__(self, what: str) -> None:
        super().__init__(
            what,
            "the proof does not know what this means",
            "Write the section without it, or teach the proof",
        )


@dataclass(frozen=True, slots=True)
class Policy:
    clause: str
    permits: bool  # else it forbids
    scope: Node  # "principal", "action" and "resource", in Cedar's JSON form
    conditions: tuple[tuple[bool, Node], ...]  # (when, body); False: unless


@lru_cache(maxsize=64)
def parse(cedar: str) -> tuple[Policy, ...]:
    """The policies of a text, in its order.

    Raises:
        NotModelled: it holds templates, or it cannot be read.
    """
    try:
        raw = json.loads(cedarpy.policies_to_json_str(cedar))
    except (ValueError, TypeError) as fault:
        raise NotModelled(f"policy text ({fault})") from fault
    if raw.get("templates") or raw.get("templateLinks"):
        raise NotModelled("a template")
    return tuple(_policy(p) for p in raw["staticPolicies"].values())


def _policy(raw: Node) -> Policy:
    known = {"effect", "principal", "action", "resource", "conditions", "annotations"}
    if set(raw) - known or raw["effect"] not in ("permit", "forbid"):
        raise NotModelled(f"policy with {sorted(set(raw) - known) or raw['effect']}")
    conditions = []
    for condition in raw["conditions"]:
        if condition["kind"] not in ("when", "unless"):
            raise NotModelled(f"condition {condition['kind']!r}")
        _modelled(condition["body"])
        conditions.append((condition["kind"] == "when", condition["body"]))
    scope = {name: raw[name] for name in ("principal", "action", "resource")}
    return Policy(raw["annotations"].get("id", ""), raw["effect"] == "permit", scope, tuple(conditions))


OPERATORS = frozenset(
    ["Value", "Var", "Set", ".", "!", "&&", "||", "if-then-else", "==", "!=", "in", "is", "contains", "containsAll",
     "containsAny", "isEmpty"]
)  # fmt: skip
"""What `evaluate.py` knows. Arithmetic, records, optional attributes, patterns and extensions are not among them."""


def _modelled(node: Any) -> None:
    """Refuse an expression at once, also where a condition before it would hide it."""
    if not isinstance(node, dict) or len(node) != 1:
        raise NotModelled(f"expression {node!r}")
    ((operator, inner),) = node.items()
    if operator not in OPERATORS:
        raise NotModelled(f"operator {operator!r}")
    if operator == "Value":
        if not isinstance(inner, bool | str) and not (isinstance(inner, dict) and set(inner) == {"__entity"}):
            raise NotModelled(f"value {inner!r}")
    elif operator == "Set":
        for item in inner:
            _modelled(item)
    elif operator != "Var":
        for name, below in inner.items():
            if name not in ("attr", "entity_type"):
                _modelled(below)


def literals(node: Any) -> Iterator[Uid]:
    """Every entity that is named anywhere in a policy, scope or expression."""
    if isinstance(node, Policy):
        yield from literals([node.scope, [body for _when, body in node.conditions]])
    elif isinstance(node, dict):
        if set(node) == {"type", "id"}:
            yield (str(node["type"]), str(node["id"]))
        else:
            for below in node.values():
                yield from literals(below)
    elif isinstance(node, list):
        for below in node:
            yield from literals(below)


def strings(node: Any) -> Iterator[str]:
    """Every string that is a value in a policy's conditions."""
    if isinstance(node, Policy):
        yield from strings([body for _when, body in node.conditions])
    elif isinstance(node, dict):
        if isinstance(value := node.get("Value"), str):
            yield value
        for below in node.values():
            yield from strings(below)
    elif isinstance(node, list):
        for below in node:
            yield from strings(below)
