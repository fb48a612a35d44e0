"""HTML as a tree of elements, so that no text can ever become markup. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias, Union
from xml.etree import ElementTree as ET

from sightpact.agreements.papers.content import clean

Child: TypeAlias = Union[str, ET.Element, Iterable["Child"], None]  # noqa: UP007 (it names itself)


def h(tag: str, *children: Child, **attributes: str) -> ET.Element:
    """An element with children (text, elements, or several of them; None is nothing).

    An underscore at the end of an attribute's name is left out (`class_`); others become hyphens (`aria_label`).
    """
    element = ET.Element(
        tag, {key.rstrip("_").replace("_", "-"): clean(value) for key, value in attributes.items()}
    )
    _add(element, children)
    return element


def page(title: str, styles: Iterable[str], *body: Child, created: str = "", author: str = "") -> str:
    """A whole page.

    Args:
        styles: our own style sheets' texts.
        created: ISO instant; "" leaves the date out.
    """
    meta = [h("meta", name="author", content=author)] if author else []
    if created:
        meta += [h("meta", name=f"dcterms.{kind}", content=created) for kind in ("created", "modified")]
    head = h("head", h("meta", charset="utf-8"), h("title", title), meta, [h("style", css) for css in styles])
    document = h("html", head, h("body", *body), lang="en")
    return "<!doctype html>" + ET.tostring(document, encoding="unicode", method="html")


def _add(element: ET.Element, children: Child) -> None:
    if children is None:
        return
    if isinstance(children, str):
        text = clean(children)
        if len(element):
            element[-1].tail = (element[-1].tail or "") + text
        else:
            element.text = (element.text or "") + text
    elif isinstance(children, ET.Element):
        element.append(children)
    else:
        for child in children:
            _add(element, child)
