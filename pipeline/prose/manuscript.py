"""Read the prose as its writer does: which facts, figures and pages it names, and where.

Everything a writer of `report.qmd` could mistype is found here, all at once, with file and line,
before an engine runs: engines stop at the first mistake and name no line, or print `?var:name`.
What is wrong with single lines is told here, what is wrong with the document in `tree`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline import reading
from pipeline.errors import Problem, Problems
from pipeline.prose import header, tree
from pipeline.prose.places import Line
from pipeline.prose.tree import nearest

SHORTCODE = re.compile(r"\{\{<\s*(\S+)\s*(.*?)\s*>\}\}")
SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>@$~^\"'=&-])")
HEADING = re.compile(r"^##\s+(.*?)\s*(?:\{#(\S+).*\}|\{.*\})?\s*$")  # of a section of the report
INCLUDE = re.compile(r"^\{\{<\s*include\s+(\S+)\s*>\}\}\s*$")
PAGE = re.compile(r"build/include/[a-z]{2}/[\w-]+\.md")
PAGES = Path("build/include")
READER = "markdown-native_divs-native_spans+autolink_bare_uris"  # Pandoc's, as the engines use it
READY = Path("build/report.qmd")  # what the engines set
FORMS = ("html", "typ")  # of the finished lists that they put into it
ADDRESS = re.compile(r"https://[\w.-]+([/?#]\S*)?")
BESIDE = re.compile(r"(figures|data)/(?!.*\.\.)[\w./-]*(#[\w-]+)?")
LINKS = "https://…, #place or figures/…"


class Use(NamedTuple):
    """One place that prints a fact, in a style."""

    name: str
    style: str
    line: Line


def lines(path: Path) -> Iterator[Line]:
    """Yield every line of a document, its includes in their place, without the YAML header."""
    section = heading = ""
    head, body = header.split(path)
    for number, text in enumerate(body, len(head) + 1):
        if found := HEADING.match(text):
            heading, section = found[1], found[2] or ""
        page = _included(text)
        if page:
            for inner, content in enumerate(header.split(page)[1], 1):
                yield Line(content, str(page), inner, section, heading)
        yield Line("" if page else text, str(path), number, section, heading)


def _included(text: str) -> Path | None:
    """Return the page that a line includes, if it is one that the build wrote."""
    found = INCLUDE.match(text)
    if found and PAGE.fullmatch(found[1]) and tree.made(found[1], PAGES):
        return Path(found[1]) if Path(found[1]).is_file() else None
    return None


def uses(document: list[Line]) -> list[Use]:
    """List every fact the document prints, in reading order."""
    found = []
    for line in document:
        for code in SHORTCODE.finditer(line.text):
            name, _, style = code[2].partition(" ")
            if code[1] == "fact":
                found.append(Use(name, style.strip(), line))
    return found


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
    head: list[Line] = []
    try:
        problems += header.problems(path)
        head = rows(path)[: len(header.split(path)[0])]
    except Problems as found:
        problems += found.problems
    document = list(lines(path))
    problems += [*_facts(document, facts, lang), *_codes(document, figures)]
    body = [_readable(line) for line in document]
    anchors = {f"fact-{use.name}" for use in uses(document)}
    rules = tree.Rules(READER, _permitted, LINKS, sources, anchors)
    problems += tree.problems([*head, *body], rules)
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
    target.write_text("\n".join([*header.split(path)[0], *body]) + "\n", encoding="utf-8")


def _in_place(text: str, facts: Mapping[str, Mapping], lang: str, used: set[str]) -> str:
    """Give a line its facts, as links to their rows; `used` gathers what can be led back to."""
    parts, end = [], 0
    for code in SHORTCODE.finditer(text):
        name, _, style = code[2].partition(" ")
        spelled = escape(facts[name]["texts"][lang][style.strip()])
        link = f"[{spelled}](#fact-{name}){{.fact}}"
        if name not in used and not text.startswith("#"):  # no heading: its text stands twice
            used.add(name)
            target = f"`#metadata(none)<use-{name}>`{{=typst}}"  # Typst has no ids of links
            link = f"[{spelled}](#fact-{name}){{#use-{name} .fact}}{target}"
        parts += [text[end : code.start()], link]
        end = code.end()
    return "".join([*parts, text[end:]])


def escape(text: str) -> str:
    """Make a text plain in Markdown: whatever it holds prints as it stands."""
    return SPECIAL.sub(r"\\\1", text)


def characters(path: Path) -> Iterator[Problem]:
    """Find characters that no reader sees and that can change what is read."""
    for row in rows(path):
        for character in dict.fromkeys(tree.invisible(row.text)):
            told = f"got {tree.spelled(character)}, expected visible text"
            column = f"character {row.text.index(character) + 1}"
            yield Problem(str(path), row.number, column, told, "delete it")


def rows(path: Path) -> list[Line]:
    """Read every line of a file as it stands there."""
    read = reading.text(path).split("\n")
    return [Line(text, str(path), number) for number, text in enumerate(read, 1)]


def _permitted(target: str) -> bool:
    return bool(ADDRESS.fullmatch(target) or BESIDE.fullmatch(target))


def _readable(line: Line) -> Line:
    """Empty a line whose include is refused, which the reader could not read either."""
    return Line("", line.file, line.number) if INCLUDE.match(line.text) else line


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
    if not INCLUDE.match(line.text):
        return line.problem("got an include within a line, expected it alone on its line")
    if not PAGE.fullmatch(page) or not tree.made(page, PAGES):
        told = f"got the include {page}, expected a page that the build wrote"
        return line.problem(told, "include build/include/en/NAME.md")
    stem = Path(page).stem
    return line.problem(f'no figure or page "{stem}" to include ({page})', nearest(stem, figures))
