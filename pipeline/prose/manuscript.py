"""Read the prose as its writer does: which facts, figures and pages it names, and where.

Everything a writer of `report.qmd` could mistype is found here, all at once, with file and line,
before an engine runs: engines stop at the first mistake and name no line, or print `?var:name`.
What is wrong with single lines is told here, what is wrong with the document in `tree`.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline import reading, schema
from pipeline.errors import Problem, Problems, nearest, stop
from pipeline.prose import tree
from pipeline.prose.tree import SHORTCODE, Line

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>@$~^\"'=&-])")
HEADING = re.compile(r"^##\s+(.*?)\s*(?:\{#?([\w-]*).*\})?\s*$")  # of a section of the report
INCLUDED = re.compile(r"build/include/[a-z]{2}/([\w-]+)\.md")  # the page of a figure
INCLUDE = re.compile(r"^\{\{<\s*include\s+(build/include/[a-z]{2}/([\w-]+)\.md)\s*>\}\}\s*$")
PROSE, READY = Path("report.qmd"), Path("build/report.qmd")  # as written, and as engines set it
FORMS = ("html", "typ")  # of the finished lists that they put into it
PACE = 230  # words a minute


class Place(NamedTuple):
    """A figure, its number, and the section that shows it; numbers are 0 where none does."""

    figure: str
    number: int = 0
    section: int = 0
    id: str = ""
    heading: str = ""


class Use(NamedTuple):
    """One place that prints a fact, in a style."""

    name: str
    style: str
    line: Line


def split(path: Path) -> tuple[list[str], list[str]]:
    """Read a document and part its lines: header with marks, body. Raises Problems."""
    rows = reading.text(path, "the report's text").split("\n")
    if rows[0].strip() != "---":
        return [], rows
    ends = [i for i, row in enumerate(rows) if i and row.strip() in ("---", "...")]
    if not ends:
        raise stop(path, "got a header without its end, expected --- behind it", line=1)
    return rows[: ends[0] + 1], rows[ends[0] + 1 :]


def header(path: Path, head: list[str]) -> None:
    """Raise Problems of a header: it holds what the theme prints, and nothing that builds."""
    if not head:
        example = 'begin with ---, title: "…", author: "…", ---'
        raise stop(path, "got no header, expected title and author", line=1, hint=example)
    # The opening mark stays, so that lines count from the top of the file.
    schema.held(path, "\n".join(head[:-1]) + "\n", "header of the report")


def shown(names: list[str], path: Path = PROSE) -> list[Place]:
    """Put figures into the order in which the report shows them, those it does not show last."""
    # what is wrong with the prose, the step that reads it tells
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    found: dict[str, Place] = {}
    section, at = 0, ("", "")
    for row in text.splitlines():
        if (heading := HEADING.match(row)) and numbered(row):
            section, at = section + 1, (heading[2] or "", heading[1])
        if (page := INCLUDE.match(row)) and page[2] in names:
            found.setdefault(page[2], Place(page[2], len(found) + 1, section, *at))
    return [*found.values(), *(Place(name) for name in names if name not in found)]


def lines(path: Path) -> Iterator[Line]:
    """Yield every line of a document, its includes in their place, without the YAML header."""
    heading = ""
    head, body = split(path)
    for number, text in enumerate(body, len(head) + 1):
        if found := HEADING.match(text):
            heading = found[1]
        page = INCLUDE.match(text)
        if page and Path(page[1]).is_file():
            for inner, content in enumerate(split(Path(page[1]))[1], 1):
                yield Line(content, page[1], inner, heading)
            text = ""
        yield Line(text, str(path), number, heading)


def uses(document: list[Line]) -> list[Use]:
    """List every fact the document prints, in reading order."""
    found = []
    for line in document:
        for code in SHORTCODE.finditer(line.text):
            name, _, style = code[2].partition(" ")
            if code[1] == "fact":
                found.append(Use(name, style.strip(), line))
    return found


def numbered(heading: str) -> bool:
    """Tell whether the heading of a section gets a number."""
    return ".unnumbered" not in heading


def minutes(document: list[Line]) -> int:
    """Say how long the prose takes to read, to five minutes: no tables, figures or lists."""
    prose = (SHORTCODE.sub("0", row.text) for row in document if row.text[:1] not in "|:{")
    return round(sum(len(row.split()) for row in prose) / PACE / 5) * 5


def check(
    path: Path,
    facts: Mapping[str, Mapping],
    sources: Collection[str],
    figures: Collection[str],
    lang: str,
) -> list[Line]:
    """Return the lines of a document, as `lines` does, or raise all its mistakes at once.

    facts: name → fact with `texts` by language and style; sources: ids that may be cited;
    figures: names of the pages that may be included.
    """
    problems = list(characters(path))
    if problems:
        raise Problems(*problems)
    every, head = rows(path), split(path)[0]
    try:
        header(path, head)
    except Problems as found:
        problems += found.problems
    document = list(lines(path))
    problems += [*_facts(document, facts, lang), *_codes(document, figures)]
    anchors = {f"fact-{use.name}" for use in uses(document)}
    lines_of_all = [*every[: len(head)], *document]
    problems += tree.problems(lines_of_all, sources, anchors, len(head))
    if problems:
        raise Problems(*dict.fromkeys(problems))
    return document


def write(
    path: Path, document: list[Line], facts: Mapping[str, Mapping], lang: str, target: Path = READY
) -> None:
    """Write a checked document as engines set it: its includes and its facts in place.

    In Quarto, shortcodes cost time by their square: 427 of them took 10 s of a render's 38.
    """
    used: set[str] = set()
    body = [_in_place(line.text, facts, lang, used) for line in document]
    target.write_text("\n".join([*split(path)[0], *body]) + "\n", encoding="utf-8")


def _in_place(text: str, facts: Mapping[str, Mapping], lang: str, used: set[str]) -> str:
    """Give a line its facts, as links to their rows; `used` gathers what can be led back to."""
    parts, end = [], 0
    for code in SHORTCODE.finditer(text):
        name, _, style = code[2].partition(" ")
        spelled = escape(facts[name]["texts"][lang][style.strip()])
        link = f"[{spelled}](#fact-{name})"
        if name not in used and not text.startswith("#"):  # no heading: its text stands twice
            used.add(name)
            target = f"`#metadata(none)<use-{name}>`{{=typst}}"  # Typst has no ids of links
            link = f"[{spelled}](#fact-{name}){{#use-{name}}}{target}"
        parts += [text[end : code.start()], link]
        end = code.end()
    return "".join([*parts, text[end:]])


def escape(text: str) -> str:
    """Make a text plain in Markdown: whatever it holds prints as it stands."""
    return SPECIAL.sub(r"\\\1", text)


def characters(path: Path) -> Iterator[Problem]:
    """Find characters that no reader sees: controls, directions, zero width, private use."""
    for row in rows(path):
        for place, character in enumerate(row.text, 1):
            kind = unicodedata.category(character)
            if character != "\t" and (kind.startswith("C") or kind in ("Zl", "Zp")):
                name = unicodedata.name(character, "")
                told = f"got U+{ord(character):04X} {name}".rstrip() + ", expected visible text"
                yield Problem(str(path), row.number, f"character {place}", told, "delete it")


def rows(path: Path) -> list[Line]:
    """Read every line of a file as it stands there."""
    read = reading.text(path).split("\n")
    return [Line(text, str(path), number) for number, text in enumerate(read, 1)]


def _facts(document: list[Line], facts: Mapping[str, Mapping], lang: str) -> Iterator[Problem]:
    for name, style, line in uses(document):
        texts = facts[name]["texts"][lang] if name in facts else {}
        if name not in facts:
            yield line.problem(f'no fact "{name}"', nearest(name, facts))
        elif style not in texts:
            hint = f"it can be printed as: {', '.join(filter(None, texts))}"
            yield line.problem(f'{name} has no style "{style}"', hint)


def _codes(document: list[Line], figures: Collection[str]) -> Iterator[Problem]:
    for line in document:
        for code in SHORTCODE.finditer(line.text):
            if code[1] == "include":
                yield _no_page(line, code[2], figures)
            elif code[1] != "fact" or line.text[: code.start()].endswith("{"):
                told = f'unsupported Quarto feature: shortcode "{code[1]}"'
                yield line.problem(told, "use fact or include")


def _no_page(line: Line, page: str, figures: Collection[str]) -> Problem:
    """Say why an include was not followed."""
    if found := INCLUDE.match(line.text):
        told = f'no figure or page "{found[2]}" to include ({page})'
        return line.problem(told, nearest(found[2], figures))
    told = f"got the include {page}, expected a page that the build wrote, alone on its line"
    return line.problem(told, "include build/include/en/NAME.md")
