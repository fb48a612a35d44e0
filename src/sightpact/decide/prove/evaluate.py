"""What Cedar's policies say, for many persons, things and contexts at once. An exact model of the part of Cedar that
agreements use; anything else raises `NotModelled`.

Every value is an array that broadcasts over (person, thing, context). Nothing here can err at run time as Cedar can
(no arithmetic, no optional attributes), so a policy either applies or does not. Never: a decision; Cedar alone decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sightpact.decide.prove.policies import Node, NotModelled, Policy
from sightpact.decide.prove.table import Bools, Ids, Table


@dataclass(frozen=True, slots=True)
class Entities:
    rows: Ids


@dataclass(frozen=True, slots=True)
class Strings:
    numbers: Ids


@dataclass(frozen=True, slots=True)
class Bits:
    """A set of strings: the last axis is the universe of strings."""

    bits: Bools


@dataclass(frozen=True, slots=True)
class Listed:
    """A set that a policy writes out: [a, b, c]."""

    items: tuple[Value, ...]


Value = Bools | Entities | Strings | Bits | Listed


@dataclass(frozen=True, slots=True)
class Frame:
    """What is asked about: one action, and the three axes."""

    table: Table
    action: str
    persons: Ids
    things: Ids
    context: Mapping[str, Bools]  # name -> its value in each context

    @property
    def shape(self) -> tuple[int, int, int]:
        contexts = len(next(iter(self.context.values())))
        return len(self.persons), len(self.things), contexts


def allowed(policies: Iterable[Policy], frame: Frame) -> Bools:
    """Cedar's rule over the whole frame: some permit applies, and no forbid."""
    permitted, forbidden = np.zeros(frame.shape, dtype=np.bool_), np.zeros(frame.shape, dtype=np.bool_)
    for policy in policies:
        applies_to = applies(policy, frame)
        np.logical_or(
            permitted if policy.permits else forbidden,
            applies_to,
            out=permitted if policy.permits else forbidden,
        )
    answer: Bools = permitted & ~forbidden
    return answer


def applies(policy: Policy, frame: Frame) -> Bools:
    """Where a policy's scope and all its conditions hold.

    Raises:
        NotModelled: it holds something whose meaning is not known here exactly.
    """
    found = _scope(policy.scope["action"], _action(frame), frame)
    for name in ("principal", "resource"):
        if not found.any():
            return found
        found = found & _scope(policy.scope[name], _variable(name, frame), frame)
    for when, body in policy.conditions:
        if not found.any():
            break
        holds = _bool(body, frame)
        found = found & (holds if when else ~holds)
    return found


def _scope(raw: Node, subject: Entities, frame: Frame) -> Bools:
    operator = raw.get("op")
    fields = set(raw) - {"op"}
    if operator == "All" and not fields:
        return np.ones((1, 1, 1), dtype=np.bool_)
    if operator == "==" and fields == {"entity"}:
        return _same(subject, _entity(raw["entity"], frame))
    if operator == "in" and fields == {"entity"}:
        return _within(subject, _entity(raw["entity"], frame), frame)
    if operator == "in" and fields == {"entities"}:
        return _within(subject, Listed(tuple(_entity(e, frame) for e in raw["entities"])), frame)
    if operator == "is" and fields <= {"entity_type", "in"}:
        found = _is(subject, raw["entity_type"], frame)
        if "in" in raw:
            found = found & _within(subject, _entity(raw["in"]["entity"], frame), frame)
        return found
    raise NotModelled(f"scope {raw}")


def _value(node: Node, frame: Frame) -> Value:
    ((operator, inner),) = node.items()
    match operator:
        case "Value":
            return _literal(inner, frame)
        case "Var":
            return _variable(inner, frame)
        case "Set":
            return Listed(tuple(_value(item, frame) for item in inner))
        case ".":
            return _attribute(inner["left"], inner["attr"], frame)
        case "!":
            return ~_bool(inner["arg"], frame)
        case "&&":
            left = _bool(inner["left"], frame)
            return left & _bool(inner["right"], frame) if left.any() else left
        case "||":
            left = _bool(inner["left"], frame)
            return left if left.all() else left | _bool(inner["right"], frame)
        case "if-then-else":
            return _if(inner, frame)
        case "==" | "!=":
            same = _equal(_value(inner["left"], frame), _value(inner["right"], frame), frame)
            return same if operator == "==" else ~same
        case "in":
            return _within(_value(inner["left"], frame), _value(inner["right"], frame), frame)
        case "is":
            subject = _value(inner["left"], frame)
            found = _is(subject, inner["entity_type"], frame)
            return found & _within(subject, _value(inner["in"], frame), frame) if "in" in inner else found
        case "contains" | "containsAll" | "containsAny":
            return _contains(operator, _value(inner["left"], frame), _value(inner["right"], frame), frame)
        case "isEmpty":
            return _is_empty(_value(inner["arg"], frame))
    raise NotModelled(f"operator {operator!r}")


def _bool(node: Node, frame: Frame) -> Bools:
    value = _value(node, frame)
    if not isinstance(value, np.ndarray):
        raise NotModelled(f"{type(value).__name__} where true or false is expected")
    return value


def _if(inner: Node, frame: Frame) -> Bools:
    test = _bool(inner["if"], frame)
    if test.all():
        return _bool(inner["then"], frame)
    if not test.any():
        return _bool(inner["else"], frame)
    chosen: Bools = np.where(test, _bool(inner["then"], frame), _bool(inner["else"], frame))
    return chosen


def _literal(raw: Any, frame: Frame) -> Value:
    if isinstance(raw, bool):
        return np.full((1, 1, 1), raw, dtype=np.bool_)
    if isinstance(raw, str):
        return Strings(np.full((1, 1, 1), frame.table.strings[raw], dtype=np.int32))
    if isinstance(raw, dict) and set(raw) == {"__entity"}:
        return _entity(raw["__entity"], frame)
    raise NotModelled(f"value {raw!r}")


def _entity(uid: Mapping[str, str], frame: Frame) -> Entities:
    return Entities(np.full((1, 1, 1), frame.table.number(uid["type"], uid["id"]), dtype=np.int32))


def _action(frame: Frame) -> Entities:
    return _entity({"type": "Action", "id": frame.action}, frame)


def _variable(name: str, frame: Frame) -> Entities:
    if name == "principal":
        return Entities(frame.persons[:, None, None])
    if name == "resource":
        return Entities(frame.things[None, :, None])
    if name == "action":
        return _action(frame)
    raise NotModelled(f"variable {name!r} by itself")


def _attribute(left: Node, name: str, frame: Frame) -> Value:
    if left == {"Var": "context"}:
        if name not in frame.context:
            raise NotModelled(f"context.{name}")
        return frame.context[name][None, None, :]
    subject = _value(left, frame)
    if not isinstance(subject, Entities):
        raise NotModelled(f"attribute {name!r} of no entity")
    kinds = set(frame.table.types[np.unique(subject.rows)])
    if len(kinds) != 1 or subject.rows.max() >= frame.table.in_world or subject.rows.min() < 0:
        raise NotModelled(f"attribute {name!r} of {sorted(kinds)}, known and unknown")
    form, column = frame.table.column(kinds.pop(), name)
    if form == "entity":
        return Entities(column[subject.rows])
    if form == "set":
        return Bits(column[subject.rows])
    flags: Bools = column[subject.rows]
    return flags


def _is(subject: Value, kind: str, frame: Frame) -> Bools:
    if not isinstance(subject, Entities):
        raise NotModelled("'is' on no entity")
    found: Bools = frame.table.types[subject.rows] == kind
    return found


def _same(left: Entities, right: Entities) -> Bools:
    found: Bools = left.rows == right.rows
    return found


def _equal(left: Value, right: Value, frame: Frame) -> Bools:
    if isinstance(left, Entities) and isinstance(right, Entities):
        return _same(left, right)
    if isinstance(left, Strings) and isinstance(right, Strings):
        strings: Bools = left.numbers == right.numbers
        return strings
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        flags: Bools = left == right
        return flags
    if isinstance(left, Bits | Listed) and isinstance(right, Bits | Listed):
        sets: Bools = np.all(_bits(left, frame) == _bits(right, frame), axis=-1)
        return sets
    raise NotModelled(f"{type(left).__name__} == {type(right).__name__}")


def _within(left: Value, right: Value, frame: Frame) -> Bools:
    if not isinstance(left, Entities):
        raise NotModelled("'in' of no entity")
    if isinstance(right, Entities):
        found: Bools = frame.table.within[left.rows, right.rows]
        return found
    if isinstance(right, Listed):
        return _any(_within(left, item, frame) for item in right.items)
    raise NotModelled(f"'in' {type(right).__name__}")


def _contains(operator: str, left: Value, right: Value, frame: Frame) -> Bools:
    if operator == "contains":
        if isinstance(left, Listed):
            return _any(_equal(item, right, frame) for item in left.items)
        if not isinstance(right, Strings):
            raise NotModelled(f"contains {type(right).__name__}")
        right = Listed((right,))
        operator = "containsAll"
    mine, asked = _bits(left, frame), _bits(right, frame)
    found: Bools = (
        np.all(mine | ~asked, axis=-1) if operator == "containsAll" else np.any(mine & asked, axis=-1)
    )
    return found


def _is_empty(value: Value) -> Bools:
    if isinstance(value, Bits):
        found: Bools = ~np.any(value.bits, axis=-1)
        return found
    raise NotModelled(f"isEmpty of {type(value).__name__}")


def _bits(value: Value, frame: Frame) -> Bools:
    """A set of strings as bits."""
    if isinstance(value, Bits):
        return value.bits
    if isinstance(value, Listed) and value.items and all(isinstance(i, Strings) for i in value.items):
        universe = np.arange(len(frame.table.strings))
        return _any(item.numbers[..., None] == universe for item in value.items if isinstance(item, Strings))
    raise NotModelled(f"a set of {type(value).__name__}, not of strings")


def _any(parts: Iterable[Bools]) -> Bools:
    found: Sequence[Bools] = list(parts)
    if not found:
        raise NotModelled("an empty set")
    answer = found[0]
    for part in found[1:]:
        answer = answer | part
    return answer
