"""Read the prose as its writer does: which facts, figures, sections and sources it names, and where.

Everything a reader of `report.qmd` could mistype is found here, all at once, with file and line,
before an engine runs: engines stop at the first mistake and name no line, or print `?var:name`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Problem, Problems

SHORTCODE = re.compile(r"\{\{<\s*(\S+)\s*(.*?)\s*>\}\}")
HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*(?:\{(.*?)\})?\s*$")
CITATION = re.compile(r"(?<![\w\\])@([A-Za-z0-9_][\w.:-]*\w)")
REFERENCE = re.compile(r"^(fig|tbl|sec)-")
IDENTIFIER = re.compile(r"\{[^}]*#((?:fig|tbl|sec)-[\w.-]+)")
DIV = re.compile(r"^\s*:{3,}\s*\{([^}]*)\}")
CALLOUT = re.compile(r"^\.callout-(note|important|tip|warning|caution)$")
DIV_CLASSES = {".key-findings", ".figure-title", ".figure-tools", ".appendix", ".content-visible", ".content-hidden"}
LAYOUT = re.compile(r"\{[^}]*(?:\blayout[\w-]*=|\bcolumn=|\.(?:columns?|panel-tabset)\b)")
CHAPTER = 2  # sections of the report are headings of this level


@dataclass(frozen=True)
class Use:
    """One place that prints a fact: its name and style, where, and under which heading."""

    name: str
    style: str
    file: str
    line: int
    section: str
    heading: str


@dataclass(frozen=True)
class Line:
    """A line of the prose with includes followed, and the section it stands in."""

    text: str
    file: str
    number: int
    section: str
    heading: str


def lines(path: Path) -> Iterator[Line]:
    """Yield every line of a document, its includes in their place, without the YAML header."""
    section = heading = ""
    for number, text in _body(path):
        found = HEADING.match(text)
        if found and len(found[1]) == CHAPTER:
            heading = found[2]
            section = next((a[1:] for a in (found[3] or "").split() if a.startswith("#")), "")
        code = SHORTCODE.search(text)
        if code and code[1] == "include" and Path(code[2]).is_file():
            for inner, content in _body(Path(code[2])):
                yield Line(content, code[2], inner, section, heading)
        else:
            yield Line(text, str(path), number, section, heading)


def _body(path: Path) -> Iterator[tuple[int, str]]:
    rows = path.read_text(encoding="utf-8").splitlines()
    start = 0
    if rows and rows[0].strip() == "---":
        start = next((i + 1 for i, row in enumerate(rows[1:], 1) if row.strip() in ("---", "...")), 0)
    yield from enumerate(rows[start:], start + 1)


def uses(document: list[Line]) -> list[Use]:
    """List every fact the document prints, in reading order."""
    found = []
    for line in document:
        for code in SHORTCODE.finditer(line.text):
            if code[1] == "fact":
                name, _, style = code[2].partition(" ")
                found.append(Use(name, style.strip(), line.file, line.number, line.section, line.heading))
    return found


def cited(document: list[Line]) -> list[str]:
    """List the sources the document cites itself, each once, in reading order."""
    keys = (key for line in document for key in CITATION.findall(_without_codes(line.text)))
    return list(dict.fromkeys(key for key in keys if not REFERENCE.match(key)))


def check(document: list[Line], facts: Mapping[str, Mapping], sources: Collection[str], figures: Collection[str], lang: str) -> None:
    """Raise all mistakes of a document at once: unknown names, dangling references, features one engine lacks."""
    anchors = {name for line in document for name in IDENTIFIER.findall(line.text)}
    problems = [*_facts(document, facts, lang), *_codes(document, figures)]
    for line in document:
        for key in CITATION.findall(_without_codes(line.text)):
            if REFERENCE.match(key) and key not in anchors:
                problems.append(_unknown(line, "reference", key, anchors))
            elif not REFERENCE.match(key) and key not in sources:
                problems.append(_unknown(line, "source", key, sources))
        problems += _features(line)
    if problems:
        raise Problems(*dict.fromkeys(problems))


def nearest(name: str, names: Collection[str]) -> str:
    """Suggest what was probably meant: `did you mean a or b?`, or nothing."""
    close = difflib.get_close_matches(name, list(names), n=3, cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else ""


def _without_codes(text: str) -> str:
    return SHORTCODE.sub("", re.sub(r"\]\([^)]*\)|<https?:[^>]*>", "", text))


def _unknown(line: Line, what: str, name: str, names: Collection[str]) -> Problem:
    return Problem(line.file, line.number, "", f'no {what} "{name}"', nearest(name, names))


def _facts(document: list[Line], facts: Mapping[str, Mapping], lang: str) -> Iterator[Problem]:
    for use in uses(document):
        if use.name not in facts:
            yield Problem(use.file, use.line, "", f'no fact "{use.name}"', nearest(use.name, facts))
        elif use.style not in facts[use.name]["texts"][lang]:
            styles = ", ".join(s for s in facts[use.name]["texts"][lang] if s)
            yield Problem(use.file, use.line, "", f'{use.name} has no style "{use.style}"', f"it can be printed as: {styles}")


def _codes(document: list[Line], figures: Collection[str]) -> Iterator[Problem]:
    for line in document:
        for code in SHORTCODE.finditer(line.text):
            if code[1] == "include":
                stem = Path(code[2]).stem
                yield Problem(
                    line.file, line.number, "", f'no figure or page "{stem}" to include ({code[2]})', nearest(stem, figures)
                )
            elif code[1] != "fact":
                yield Problem(
                    line.file, line.number, "", f'unsupported Quarto feature: shortcode "{code[1]}"', "use fact or include"
                )


def _features(line: Line) -> Iterator[Problem]:
    def no(what: str, instead: str) -> Problem:
        return Problem(line.file, line.number, "", f"unsupported Quarto feature: {what}", instead)

    if re.match(r"^\s*(`{3,}|~{3,})\s*\{", line.text):
        yield no("code cell", "compute in analysis/ and print a fact")
    if re.search(r"`\{?(python|r|julia)\}? ", line.text):
        yield no("inline code", "compute in analysis/ and print a fact")
    if "{=" in line.text or re.search(r"<(?!https?:)/?[a-zA-Z][^>]*>", _without_codes(line.text)):
        yield no("raw markup", "write it in Markdown, or change theme/")
    if LAYOUT.search(re.sub(r'"[^"]*"', '""', line.text)):
        yield no("layout", "one figure or table after the other")
    found = DIV.match(line.text)
    for word in (found[1].split() if found else ()):
        if word.startswith(".") and word not in DIV_CLASSES and not CALLOUT.match(word):
            yield no(f"block {word}", f"known blocks: callout-note, {', '.join(sorted(c[1:] for c in DIV_CLASSES))}")
