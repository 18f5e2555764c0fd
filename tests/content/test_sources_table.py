"""docs/sources.md, the `sources` of the topics and the source texts tell the same story."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from content.library import Library

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "sources.md"
SHARED = ROOT.parent / "shared"
TEXTS = SHARED / "sources"
CONTRADICTIONS = SHARED / "medical" / "medical.md"
# The codes that the list of contradictions uses for the source texts.
CODES = {"000": "fysio_eray", "001": "fysioclub", "002": "bellestein", "003": "oefentherapie_blog", "004": "noorderbad"}

QUOTED_WORDS = 8
HEADING_WORDS = 14
BULLET = re.compile(r"[•\-–]\s|\d+\.\s|DOI:")
QUESTION = re.compile(r"[^.?!]+\?(?=\s|$)")

needs_texts = pytest.mark.skipif(
    not TEXTS.is_dir(), reason="the source texts (../shared/sources) are not next to this checkout"
)
needs_contradictions = pytest.mark.skipif(
    not CONTRADICTIONS.is_file(),
    reason="the medical notes (../shared/medical/medical.md) are not next to this checkout",
)


@dataclass(frozen=True)
class Row:
    """One line of the table. `line` counts from 1."""

    line: int
    source: str
    heading: str
    topics: tuple[str, ...]
    note: str

    def __str__(self) -> str:
        return f"docs/sources.md:{self.line} {self.source}: {self.heading}"


@cache
def rows() -> tuple[Row, ...]:
    """The table. Raises ValueError for a line that does not have four columns."""
    found = []
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.startswith("|") or line.startswith(("|---", "| source |")):
            continue
        cells = [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
        if len(cells) != 4:
            raise ValueError(f"docs/sources.md:{number}: {len(cells)} columns instead of 4")
        source, heading, topics, note = cells
        found.append(Row(number, source, heading, tuple(filter(None, re.split(r",\s*", topics))), note))
    return tuple(found)


@cache
def library() -> Library:
    return Library.load()


@cache
def lines(source: str) -> tuple[str, ...]:
    """The lines of a source text, each with its white space (also the unbreakable kind) made single."""
    text = (TEXTS / f"{source}.txt").read_text(encoding="utf-8-sig")
    return tuple(filter(None, (" ".join(line.split()) for line in text.splitlines())))


def heading_in(line: str) -> str | None:
    """What in a line of a source reads as a heading: all of a short line that is no list item and no sentence, or the
    short question that a line opens with (answers stand on the same line in some texts)."""
    if BULLET.match(line):
        return None
    question = QUESTION.match(line)
    if question:
        heading = question.group()
    elif line.endswith((".", ",", ";")):
        return None
    else:
        heading = line
    return heading if len(heading.split()) <= HEADING_WORDS else None


def starts_with(line: str, heading: str) -> bool:
    """Whether the line opens with the heading, as whole words."""
    return line.startswith(heading) and not line[len(heading) : len(heading) + 1].isalnum()


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("Herkenbare klachten", "Herkenbare klachten"),
        ("Dat plan kan bestaan uit:", "Dat plan kan bestaan uit:"),
        ("Mag ik sporten met rugpijn? In de meeste gevallen wel.", "Mag ik sporten met rugpijn?"),
        ("Dit is voor de meerderheid helaas niet het geval.", None),
        ("• Gebroken wervel", None),
        ("- Het verminderen van pijnklachten", None),
        ("1. Zorg voor goede nachtrust", None),
    ],
)
def test_what_reads_as_a_heading(line: str, heading: str | None) -> None:
    assert heading_in(line) == heading


def test_every_source_has_rows_and_every_row_a_known_source() -> None:
    assert {row.source for row in rows()} == {name for name, one in library().sources.items() if not one.richtlijn}


def test_no_heading_stands_twice_and_none_is_quoted_at_length() -> None:
    seen = [(row.source, row.heading) for row in rows()]
    assert not [pair for pair in seen if seen.count(pair) > 1]
    assert not [str(row) for row in rows() if not 1 <= len(re.findall(r"\S*\w\S*", row.heading)) <= QUOTED_WORDS]


def test_every_topic_named_exists() -> None:
    unknown = [f"{row}: {topic}" for row in rows() for topic in row.topics if topic not in library().topics]
    assert not unknown


def test_a_row_without_topics_says_why() -> None:
    assert not [str(row) for row in rows() if not row.topics and not row.note]


def test_every_source_of_a_topic_has_a_row_that_names_it() -> None:
    named = {(row.source, topic) for row in rows() for topic in row.topics}
    missing = [
        (source, topic.id)
        for topic in library().topics.values()
        for source in topic.sources
        if not library().sources[source].richtlijn and (source, topic.id) not in named
    ]
    assert not missing, "no row of this source names this topic"


def test_every_topic_of_a_row_names_the_source() -> None:
    topics = library().topics
    missing = [
        f"{row}: {topic}"
        for row in rows()
        for topic in row.topics
        if topic in topics and row.source not in topics[topic].sources
    ]
    assert not missing, "the sources of this topic lack the source of the row"


def test_what_we_say_is_what_a_topic_says() -> None:
    said = "\n".join(
        " ".join(paragraphs)
        for topic in library().topics.values()
        for paragraphs in (topic.answer, topic.more, topic.simple, *(variant.answer for variant in topic.variants))
    )
    quoted = [
        (str(row), sentence)
        for row in rows()
        for quotes in re.findall(
            r'(?:we say|kept|attributed|(?:kept,|always) with)[:,]? ((?:"[^"]+"(?:, | and )?)+)', row.note
        )
        for quote in re.findall(r'"([^"]+)"', quotes)
        for sentence in re.split(r"(?<=[.?!]) ", quote)
        if sentence.strip(" .")
    ]
    assert len(quoted) > 20
    assert [(row, sentence) for row, sentence in quoted if sentence not in said] == []


@needs_texts
def test_every_heading_of_the_table_opens_a_line_of_the_source() -> None:
    missing = [str(row) for row in rows() if not any(starts_with(line, row.heading) for line in lines(row.source))]
    assert not missing


@needs_texts
@pytest.mark.parametrize("source", sorted(CODES.values()))
def test_no_heading_of_the_source_is_missing(source: str) -> None:
    known = [row.heading for row in rows() if row.source == source]
    headings = [line for line in lines(source) if heading_in(line)]
    assert not [line for line in headings if not any(starts_with(line, quoted) for quoted in known)]


@needs_contradictions
def test_every_contradiction_is_met_in_a_row_of_its_source() -> None:
    section = CONTRADICTIONS.read_text(encoding="utf-8").split("\n## 5.")[1].split("\n## ")[0]
    claims = re.findall(r"^\| (\d+) \|[^|]*\|([^|]*)\|", section, flags=re.MULTILINE)
    sources = {number: {CODES[code] for code in re.findall(r"\b00[0-4]\b", told_by)} for number, told_by in claims}
    cited = {(row.source, number) for row in rows() for number in _row_numbers(row.note)}
    assert {number for _, number in cited} <= set(sources), "the table names a contradiction that the notes do not have"
    unmet = [number for number, told_by in sources.items() if not any((source, number) in cited for source in told_by)]
    assert not unmet


def _row_numbers(note: str) -> list[str]:
    found = re.findall(r"\brows? (\d+)(?: and (\d+))?", note, flags=re.IGNORECASE)
    return [number for pair in found for number in pair if number]
