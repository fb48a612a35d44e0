import pytest

from tests.house import pages
from tests.house.tree import SOURCE


def test_pages_keep_to_the_content_policy():
    assert [str(fault) for fault in pages.faults()] == []


def test_the_exceptions_are_still_there():
    assert [path for path in pages.MAY_PUT_MARKUP if not (SOURCE / path).exists()] == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('<p style="color: red">', "<p> has an inline style"),
        ('<a\n href="/"\n onclick="go()">', "<a> has an inline handler onclick"),
        ("<script>go()</script>", "<script> has a body"),
        ('<script nonce="{{ nonce }}">{{ code }}</script>', "<script> has a body"),
        ("<style>p {}</style>", "<style> in a page"),
        ('<a href="javascript:go()">', "<a> has a javascript: address"),
        ("<p>{{ name|safe }}</p>", "unescaped: |safe"),
        ("{% autoescape off %}", "unescaped: {% autoescape off"),
    ],
)
def test_it_bites(text, says, tmp_path):
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "page.html").write_text(text)
    assert says in [fault.what for fault in pages.faults(tmp_path)]


@pytest.mark.parametrize(
    "code",
    [
        "x.innerHTML = name",
        "x.innerHTML = '<b>' + name + '</b>';",
        "el.insertAdjacentHTML('a', b)",
        "el.setAttribute('style', b)",
        "eval('x')",
    ],
)
def test_it_bites_in_components(code, tmp_path):
    (tmp_path / "tile.js").write_text(code)
    assert len(pages.faults(tmp_path)) == 1


def test_it_lets_clean_pages_be():
    text = """{% load static %}<script type="module" src="{% static 'x.js' %}"></script>
    <script type="application/json" id="facts">{"a": 1}</script><p {% if on %}hidden{% endif %} class="one">{{ name }}</p>"""
    assert pages.in_template(text) == []
    assert pages.in_component('this.innerHTML = "<span></span><b></b>";') == []
