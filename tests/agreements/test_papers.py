"""The text and the redline as PDF and Word file: what stands in them, that they are accessible, alike, and safe."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import pypdf
import pytest

from sightpact.agreements.cedar import make
from sightpact.agreements.document import parse, render_text
from sightpact.agreements.papers import making
from sightpact.agreements.papers.content import FORMS, Standing, clean, in_fours
from sightpact.agreements.papers.of_text import text_paper
from sightpact.agreements.papers.redline_docx import lines
from sightpact.agreements.word_change import pieces

from . import paper_parts
from .conftest import clause
from .paper_parts import HOSTILE, W, amended, lakeview, redline_of, text_of


@pytest.fixture(scope="module")
def text_pdf() -> bytes:
    return making.paper("pdf", text_of(lakeview()))


@pytest.fixture(scope="module")
def text_docx() -> bytes:
    return making.paper("docx", text_of(lakeview()))


@pytest.fixture(scope="module")
def redline_pdf() -> bytes:
    return making.paper("redline-pdf", redline_of(lakeview(), amended()))


@pytest.fixture(scope="module")
def redline_docx() -> bytes:
    return making.paper("redline-docx", redline_of(lakeview(), amended()))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


# PDF ----------------------------------------------------------------------------------------------------------------


def test_the_pdf_holds_every_word_and_every_mark(text_pdf):
    document = parse(lakeview())
    told = squeezed("".join(paper_parts.pages(text_pdf)))
    for section in document.clauses:
        assert squeezed(f"{section.number} {section.heading}") in told
    joined = re.sub(r"Textb?[0-9a-f]{16}.*?Page\d+of\d+", "", told)
    for section in document.clauses:
        for line in section.render(document.names):
            assert squeezed(line)[:60] in told or squeezed(line)[:60] in joined, line
    enforced = sum(c.enforced for c in document.clauses)
    assert told.count("EnforcedbySightpact") == enforced
    assert told.count("Keptbypeople") == len(document.clauses) - enforced


def test_the_last_page_has_the_four_hashes_and_each_foot_the_short_one(text_pdf):
    made = make(parse(lakeview()))
    pages = paper_parts.pages(text_pdf)
    for figures in made.hashes.values():
        assert figures in squeezed(pages[-1])
    for number, page in enumerate(pages, 1):
        assert f"Text {in_fours(made.canonical_hash[:16])}" in page
        assert "lakeview-mou, revision 1" in page
        assert f"Page {number} of {len(pages)}" in page


def test_the_pdf_is_accessible(text_pdf, redline_pdf):
    for content in (text_pdf, redline_pdf):
        reader = pypdf.PdfReader(io.BytesIO(content))
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"] is True or str(root["/MarkInfo"]["/Marked"]).lower() == "true"
        assert root["/Lang"] == "en"
        assert str(root["/ViewerPreferences"]["/DisplayDocTitle"]).lower() == "true"
        assert (
            "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode()
            or 'pdfuaid:part="1"' in root["/Metadata"].get_data().decode()
        )
        found = paper_parts.tags(content)
        assert found.count("/H1") == 1 and found.count("/H2") > 3 and found.count("/H3") > 10
        assert "/Table" in found and "/TH" in found
        assert reader.metadata.title.startswith("Memorandum of Understanding on School Cameras")
    assert "/L" in paper_parts.tags(text_pdf), "(a), (b) and (c) are a list"


def test_the_pdf_has_bookmarks_and_its_fonts_inside(text_pdf):
    reader = pypdf.PdfReader(io.BytesIO(text_pdf))
    document = parse(lakeview())

    def titles(outline) -> list[str]:
        return [t for each in outline for t in (titles(each) if isinstance(each, list) else [each.title])]

    told = titles(reader.outline)
    assert all(any(c.number in t and c.heading in t for t in told) for c in document.clauses)
    fonts = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            font = font.get_object()
            below = font["/DescendantFonts"][0].get_object()
            fonts[str(font["/BaseFont"])] = below["/FontDescriptor"].get_object()
    assert fonts and all("+Paper-S" in name for name in fonts), sorted(fonts)
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(d) for d in fonts.values())


def test_the_redline_has_words_and_access(redline_pdf):
    told = squeezed("".join(paper_parts.pages(redline_pdf)))
    assert "everyyearsixmonths" in told or "yearsixmonths" in told
    assert "Opensmore" in told and "Opens1insidecamera" in told.replace("Opens2", "Opens1")
    assert "Closes" in told and "4.2" in told
    for figures in make(parse(amended())).hashes.values():
        assert figures in told


@pytest.mark.parametrize("form", ["pdf", "docx", "redline-pdf", "redline-docx"])
def test_the_same_values_give_the_same_bytes(form, request):
    first = request.getfixturevalue(
        {
            "pdf": "text_pdf",
            "docx": "text_docx",
            "redline-pdf": "redline_pdf",
            "redline-docx": "redline_docx",
        }[form]
    )
    again = redline_of(lakeview(), amended()) if form.startswith("redline") else text_of(lakeview())
    assert making.paper(form, again) == first


def test_signatures_and_votes_stand_in_it():
    from sightpact.agreements.papers.content import Signature, Vote

    document = parse(lakeview())
    standing = Standing(
        "Signed by all.",
        "2026-06-12T09:30:00+00:00",
        votes=(
            Vote(
                "Board of Education", "9 June 2026", "6 to 1", "Resolution 26-41", "https://example.org/m.pdf"
            ),
        ),
        signatures=(
            Signature(
                "Lakeview Unified School District",
                "Superintendent",
                "12 June 2026",
                "with a passkey",
                "ab" * 32,
            ),
            Signature("Lakeview Police Department"),
        ),
    )
    content = making.paper("pdf", text_paper(document, standing))
    told = " ".join(paper_parts.pages(content))
    assert "Board of Education 9 June 2026 6 to 1 Resolution 26-41" in told
    assert "Signed on 12 June 2026, with a passkey." in told
    assert pypdf.PdfReader(io.BytesIO(content)).metadata["/CreationDate"].startswith("D:20260612")


# Word ---------------------------------------------------------------------------------------------------------------


def test_the_word_file_opens_with_real_headings_and_tables(text_docx):
    document, file = parse(lakeview()), docx.Document(io.BytesIO(text_docx))
    headings = [p.text for p in file.paragraphs if p.style.name == "Heading 2"]
    assert headings == [f"{c.number}  {c.heading}" for c in document.clauses]
    assert next(p.text for p in file.paragraphs if p.style.name == "Heading 1") == f"1  {document.parts['1']}"
    hashes = file.tables[-1]
    assert hashes.rows[0].cells[1].text == "SHA-256" and len(hashes.rows) == 5
    assert hashes.rows[1].cells[1].text == in_fours(make(document).canonical_hash)
    foot = file.sections[0].footer.paragraphs[0]._p.xml
    assert 'w:instr="PAGE"' in foot and 'w:instr="NUMPAGES"' in foot and "revision 1" in foot
    assert file.core_properties.author == "Lakeview Unified School District"


def test_the_word_file_holds_every_word(text_docx):
    told = [p.text for p in docx.Document(io.BytesIO(text_docx)).paragraphs]
    document = parse(lakeview())
    for section in document.clauses:
        for line in section.render(document.names):
            assert line in told


def test_tracked_changes_are_real(redline_docx):
    body = paper_parts.xml(redline_docx)
    changes = [*body.iter(f"{W}ins"), *body.iter(f"{W}del")]
    assert {"".join(n.itertext()) for n in body.iter(f"{W}del")} >= {"60", "year"}
    assert {"".join(n.itertext()) for n in body.iter(f"{W}ins")} >= {"45", "six months"}
    ids = [n.get(f"{W}id") for n in changes]
    assert len(ids) == len(set(ids))
    assert {n.get(f"{W}author") for n in changes} == {"Revision 2"}
    assert {n.get(f"{W}date") for n in changes} == {None}, "a file has no date, so the change has none"
    assert list(body.iter(f"{W}delText"))


def sentences(raw) -> list[str]:
    document = parse(raw)
    found = []
    for c in document.clauses:
        found += [f"{c.number}  {c.heading}", *c.render(document.names)]
    return found


@pytest.mark.parametrize("accept", [True, False])
def test_accepting_all_gives_the_new_text_and_rejecting_all_the_old_one(redline_docx, accept):
    told = paper_parts.words(redline_docx, accept)
    wanted = sentences(amended() if accept else lakeview())
    begin = told.index(wanted[0])
    kept = [line for line in told[begin:] if not re.fullmatch(r"\d+  .*", line)]
    assert kept[: len(wanted)] == wanted


def test_lines_give_both_texts_back():
    for old, new in (
        ("a\nb", "a\nc\nb"),
        ("a", "a\nb"),
        ("a\nb", "b"),
        ("", "a\nb"),
        ("a\nb", ""),
        ("a b", "a\nb"),
    ):
        for drop, wanted in (("out", new), ("in", old)):
            told = ""
            found = list(lines(pieces(old, new)))
            for index, (line, end) in enumerate(found):
                told += "".join(p.text for p in line if p.op != drop)
                told += "\n" if end != drop and index < len(found) - 1 else ""
            assert told == wanted, (old, new)


def test_the_change_in_access_stands_beside_it_as_comments(redline_docx):
    assert paper_parts.xml(redline_docx, "word/settings.xml").find(f"{W}trackRevisions") is not None
    comments = paper_parts.xml(redline_docx, "word/comments.xml")
    told = ["".join(c.itertext()) for c in comments]
    assert any(t.startswith("Opens more. Opens") for t in told)
    assert {c.get(f"{W}date") for c in comments} == {None}


def test_the_word_files_zip_tells_no_time(text_docx):
    with zipfile.ZipFile(io.BytesIO(text_docx)) as parts:
        assert {info.date_time for info in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert parts.namelist()[0] == "[Content_Types].xml"
        assert not any("thumbnail" in name for name in parts.namelist())


# what must not happen -----------------------------------------------------------------------------------------------


def hostile() -> dict:
    raw = lakeview()
    raw["title"] = f"Agreement {HOSTILE}"
    clause(raw, "4.2")["heading"] = "x" * 118
    clause(raw, "4.2")["text"] = "\n\n".join(
        (
            HOSTILE,
            "</style></p><img src='file:///etc/passwd'>",
            "w" * 3000,
            "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
            "\U0001f3eb \u6f22\u5b57",
        )
    )
    return raw


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_hostile_text_stays_text(form):
    content = making.paper(form, text_of(hostile()))
    if form == "pdf":
        told = squeezed("".join(paper_parts.seen(content)))
        assert squeezed("</style></p><img src='file:///etc/passwd'>") in told
        assert not any("/JavaScript" in str(o) for o in pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"])
    else:
        told = squeezed("".join(p.text for p in docx.Document(io.BytesIO(content)).paragraphs))
        assert "\u05e9\u05dc\u05d5\u05dd" in told
    assert squeezed(HOSTILE) in told


def test_control_characters_of_names_are_left_out():
    assert clean("a\x00b\x1b\ud800\ufffe\U0001f3eb") == "ab\U0001f3eb"


def test_nothing_is_fetched_but_our_own_fonts():
    from weasyprint.urls import FatalURLFetchingError

    from sightpact.agreements.papers import pdf

    for address in ("http://192.0.2.1/x.png", "file:///etc/passwd", "data:text/plain,x"):
        with pytest.raises(FatalURLFetchingError, match="Error fetching"):
            pdf.lay_out(f'<p>x<img src="{address}" alt="x">')


def test_a_paper_that_takes_too_long_is_given_up():
    from sightpact.agreements.errors import PaperFault

    with pytest.raises(PaperFault, match=r"was not ready after 0\.01 seconds"):
        making.paper("pdf", text_of(lakeview()), longest_s=0.01)
    assert making.paper("docx", text_of(lakeview())), "and the next one is made"


def test_without_its_libraries_a_pdf_says_what_to_install(monkeypatch):
    import sys

    from sightpact.agreements.errors import PaperFault
    from sightpact.agreements.papers import pdf

    monkeypatch.setitem(sys.modules, "weasyprint", None)  # as Python does where it cannot be imported
    with pytest.raises(PaperFault, match="apt-get install libpango"):
        pdf.lay_out("<p>x")


def test_an_unknown_form_is_refused():
    from sightpact.agreements.errors import PaperFault

    with pytest.raises(PaperFault, match="no form of paper"):
        making.paper("odt", text_of(lakeview()))


def test_the_words_of_the_paper_are_those_that_are_signed():
    document = parse(lakeview())
    signed = render_text(document)
    for section in text_of(lakeview()).sections:
        assert all(p in signed for p in section.paragraphs)
    assert set(FORMS) == {"pdf", "docx", "board-pack", "redline-pdf", "redline-docx"}
