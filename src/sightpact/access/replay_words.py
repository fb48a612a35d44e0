"""A replay in plain words, and as data for scripts. Pure text over what `replay` found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sightpact.access.replay import Differs, Replayed
from sightpact.agreements.document import Document

MOMENTS = {
    "invitation": "while the school had invited police to look",
    "request": "while a request was approved",
    "window": "during a planned event",
    "drill": "in a drill",
}


def sentence(each: Differs, names: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """ "Omar Reyes, the camera “Hallway B”, while “Intruder” was shared: was open by section 3.2, would be closed."

    Args:
        names: what people, cameras are called, by id.
        labels: kind of emergency -> its label.
    """
    who, what = names.get(each.person, each.person), names.get(each.camera, each.camera)
    when = " and ".join(MOMENTS.get(d) or f"while “{labels.get(d, d)}” was shared" for d in each.during)
    if each.was_open:
        verdict = f"was open by section {each.was_section}, would be closed"
        verdict += f"; section {each.section} would open it at other times" if each.section else ""
    else:
        verdict = f"was closed, would be open by section {each.section}"
    times = "once" if each.times == 1 else f"{each.times} times"
    span = f"{each.first:%Y-%m-%d %H:%M} UTC"
    span += f" to {each.last:%Y-%m-%d %H:%M} UTC" if each.times > 1 else ""
    since = (
        " (People or cameras have changed since; today's text would decide so too.)"
        if each.only_since
        else ""
    )
    return f"{who}, {what}, {when or 'on a normal day'}: {verdict}; {times}, {span}.{since}"


def labels_of(*documents: Document) -> dict[str, str]:
    return {
        e.kind: e.label
        for document in documents
        for clause in document.clauses
        for e in getattr(clause, "emergencies", ())
    }


def as_data(found: Replayed, names: Mapping[str, str], labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "looks": found.looks,
        "same": found.same,
        "unreadable": found.unreadable,
        "differs": [
            {
                "person": each.person,
                "camera": each.camera,
                "during": list(each.during),
                "was": f"section {each.was_section}" if each.was_open else "closed",
                "would_be": "closed" if each.was_open else f"section {each.section}",
                "only_since": each.only_since,
                "times": each.times,
                "says": sentence(each, names, labels),
            }
            for each in found.differs
        ],
    }
