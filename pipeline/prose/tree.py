"""Reads a document as Pandoc's tree and refuses there what must not be published.

Raw markup, scripts, addresses other than https, attributes and classes that nothing of ours reads,
pictures that the build did not draw, and whatever was meant as markup but would print as text.
"""

import json
import re
import subprocess
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import programs
from pipeline.errors import Problem, nearest

READER = "markdown-native_divs-native_spans+autolink_bare_uris"  # as the engines use it
ADDRESS = re.compile(r"https://[\w.-]+([/?#]\S*)?")
BESIDE = re.compile(r"(figures|data|states)/(?!.*\.\.)[\w./-]*(#[\w-]+)?")
COMMENT = re.compile(r"<!--(?!-?>)(?:(?!--!?>).)*-->\s*", re.DOTALL)  # ends where browsers end it
RUNS = re.compile(r"\{\w+\}")  # code that Quarto would run
SHORTCODE = re.compile(r"\{\{<\s*(\S+)\s*(.*?)\s*>\}\}")
LEFT_OVER = re.compile(r"\{{1,2}<|>\}{1,2}|\[\^|\]\[|\]\(|`+|<!|:{3,}|\{[#.=]")
REFERENCE = re.compile(r"(fig|tbl|sec)-")
PICTURES = "build/figures/"
# What each kind of node may have; all else is refused. Links get classes from Pandoc itself.
CALLOUTS = {f"callout-{kind}" for kind in ("note", "important", "tip", "warning", "caution")}
BLOCKS = {"covers", "figure-title", "folded", "key-findings", "lead", "made", "timeline"}
CLASSES = {
    "block": CALLOUTS | BLOCKS,
    "heading": {"unnumbered", "unlisted"},
    "link": {"uri", "email"},
}
ATTRIBUTES = {"block": {"title", "file"}, "picture": {"fig-alt", "alt"}}
NAMES = {  # of nodes that have attributes
    "Code": "piece of code",
    "CodeBlock": "piece of code",
    "Div": "block",
    "Figure": "figure",
    "Header": "heading",
    "Image": "picture",
    "Link": "link",
    "Span": "span",
    "Table": "table",
}
OURS = {"report", "words", "in-brief"}  # ids that the page has of itself
TOLD_BY_TREE = "DuplicateIdentifier"  # of every node, where Pandoc warns of headings only
# The tree has no positions. Its words, which stand in it in the order of the source, lead from line
# to line; in place of each shortcode stands a letter of private use that says its line for sure.
MARKS = 0xF0000
MARK = re.compile("[\U000f0000-\U000ffffd]")
WORD = re.compile(r"[^\W_]+")
REACH = 12  # lines in which the next word of the tree must stand


@dataclass(frozen=True)
class Line:
    """A line of the prose with includes followed, and the heading of its section."""

    text: str
    file: str
    number: int
    heading: str = ""

    def problem(self, message: str, hint: str = "") -> Problem:
        """Make a problem of what is wrong in this line."""
        return Problem(self.file, self.number, "", message, hint)


def problems(
    rows: list[Line], sources: Collection[str] = (), anchors: Collection[str] = (), head: int = 0
) -> list[Problem]:
    """List all mistakes that Pandoc's tree of these lines shows, each with file and line.

    sources, anchors: what may be cited, and linked to beside the document's own ids
    head: how many of the lines are a YAML header
    """
    marked = (SHORTCODE.sub(chr(MARKS + n), row.text) for n, row in enumerate(rows))
    tree, warnings, failure = _parsed("\n".join(marked) + "\n")
    if failure:  # of a header that is told by itself
        return list(programs.failure(Path(rows[0].file), "pandoc", failure).problems)
    walk = _Walk(rows, sources, head)
    walk.document(tree, anchors)
    told = []
    for entry in (entry for entry in warnings if entry["type"] != TOLD_BY_TREE):
        line = min(entry.get("openpos", entry).get("line", 1), len(rows))
        words = re.sub(r" at (\S* )?\(?line \d+,? column \d+\)?", "", entry["pretty"])
        told.append(rows[line - 1].problem(f"Pandoc: {_short(words, 200)}"))
    return list(dict.fromkeys([*told, *walk.found]))


def _parsed(source: str) -> tuple[dict, list[dict], str]:
    """Run Pandoc: its tree, its warnings, and what it says if it failed."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log.json")
        command = [programs.pandoc_path(), "--to=json", "--quiet"]
        command += [f"--from={READER}", f"--log={log}"]
        done = subprocess.run(command, input=source, capture_output=True, encoding="utf-8")
        if done.returncode:
            return {}, [], done.stderr
        return json.loads(done.stdout), json.loads(log.read_text(encoding="utf-8")), ""


def _short(text: str, length: int = 40) -> str:
    shown = "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
    return shown if len(shown) <= length else shown[: length - 1] + "…"


class _Walk:
    """One way through a tree, in the order of the source, that collects what is wrong.

    A kind of node that needs more than a walk through what it holds has a method of its name.
    """

    def __init__(self, rows: list[Line], sources: Collection[str], head: int):
        self.rows = rows
        self.sources = sources
        self.head = head
        self.at = 0  # the line that the walk has come to
        self.found: list[Problem] = []
        self.ids: set[str] = set(OURS)
        self.pointers: list[tuple[Line, str, str]] = []

    def document(self, tree: dict, anchors: Collection[str]) -> None:
        """Walk header and text; then see where pointers lead."""
        for key, value in tree["meta"].items():
            lines = (n for n in range(self.head) if self.rows[n].text.startswith(f"{key}:"))
            self.at = next(lines, 0)
            self.walk(value)
        self.at = min(self.head, len(self.rows) - 1)
        self.walk(tree["blocks"])
        for row, what, name in self.pointers:
            if name not in self.ids and name not in anchors:
                self.found.append(row.problem(f'no {what} "{name}"', nearest(name, self.ids)))

    def walk(self, part: Any) -> None:
        """Walk a node, or everything in a list or table of nodes."""
        if isinstance(part, list):
            for inner in part:
                self.walk(inner)
        elif isinstance(part, dict) and "t" in part:
            kind, content = part["t"], part.get("c", [])
            getattr(self, f"in_{kind.lower()}", self.walk)(content)
            if kind in NAMES:
                self.attributes(NAMES[kind], *content[1 if kind == "Header" else 0])
        elif isinstance(part, dict):
            self.walk(list(part.values()))

    def of(self, what: str) -> Line:
        """Find the line of a text from here on; where it is not found, it is this line."""
        for sought in (what.split("\n")[0], (what.split() or [""])[0]):
            for row in self.rows[self.at :]:
                if sought in row.text:
                    return row
        return self.rows[self.at]

    def tell(self, place: str, message: str, hint: str = "") -> None:
        self.found.append(self.of(place).problem(message, hint))

    def unsupported(self, place: str, what: str, instead: str) -> None:
        self.tell(place, f"unsupported Quarto feature: {what}", instead)

    def read(self, text: str, where: str = "") -> str:
        """Move on to the line of a text, and return it without marks.

        where: what it is a text of, if no shortcode is resolved there.
        """
        for mark in MARK.findall(text):
            self.at = ord(mark) - MARKS
            if place := where or ("the header" if self.at < self.head else ""):
                self.tell("", f"got a shortcode in {place}, expected it in the text")
        plain = MARK.sub("", text)
        for word in WORD.findall(plain):
            near = range(self.at, min(self.at + REACH, len(self.rows)))
            self.at = next((n for n in near if word in self.rows[n].text), self.at)
        return plain

    def in_str(self, text: str) -> None:
        near = self.rows[self.at :][:REACH]
        plain = self.read(text)
        if token := LEFT_OVER.search(plain):
            either = re.compile("".join(rf"\\?{re.escape(letter)}" for letter in token[0]))
            places = [(row, found[0]) for row in near for found in either.finditer(row.text)]
            for row, written in places[:1]:
                if "\\" not in written:  # else it is meant as text
                    told = f"got {token[0]} as text, expected it to be part of markup"
                    hint = "complete it on one line, or write a backslash before it"
                    self.found.append(row.problem(told, hint))

    def in_math(self, content: list) -> None:
        self.unsupported(f"${content[1]}", "math", "write it in words")
        self.read(content[1])

    def in_code(self, content: list) -> None:
        (_, classes, _), text = content
        for word in filter(RUNS.match, (*classes, text)):
            told = "compute in analysis/ and print a fact"
            self.unsupported(word.split()[0], "code that runs", told)
        self.read(text, "code")

    in_codeblock = in_code

    def in_rawinline(self, content: list) -> None:
        kind, text = content[0], MARK.sub("", content[1])
        if kind != "html" or not COMMENT.fullmatch(text):
            told = f"got raw {kind} ({_short(text)}), expected Markdown"
            self.tell(text, told, "write it in Markdown, or change theme/")
        self.read(content[1])

    in_rawblock = in_rawinline

    def in_link(self, content: list) -> None:
        self.walk(content[1])
        target, _ = (self.read(text, "a link") for text in content[2])
        if target.startswith("#"):
            self.pointers.append((self.of(target), "place", target[1:]))
        elif not (ADDRESS.fullmatch(target) or BESIDE.fullmatch(target)):
            told = f"got the link {_short(target)}, expected https://…, #place or figures/…"
            self.tell(target, told)

    def in_image(self, content: list) -> None:
        _, inlines, (source, _) = content
        if not source.startswith(PICTURES) or not Path(source).is_file():
            told = f"got the picture {_short(source)}, expected one that the build drew"
            self.tell(source, told, "include the figure")
        self.walk(inlines)

    def in_cite(self, content: list) -> None:
        self.walk(content[1])
        for citation in content[0]:
            name = citation["citationId"]
            if REFERENCE.match(name):
                self.pointers.append((self.of(f"@{name}"), "reference", name))
            elif name not in self.sources:
                hint = nearest(name, self.sources)
                self.tell(f"@{name}", f'no source "{name}"', hint)

    def in_note(self, blocks: list) -> None:
        here = self.at
        self.walk(blocks)
        self.at = here

    def in_figure(self, content: list) -> None:
        self.walk(content[2])  # whose words the caption only repeats

    def attributes(self, kind: str, name: str, classes: list, pairs: list) -> None:
        """Check id, classes and attributes of a node."""
        if name in self.ids:
            told = f'got the id "{name}" a second time, expected each once'
            self.tell(f"#{name}", told, "give it another name")
        self.ids |= {name} - {""}
        known = CLASSES.get(kind, set())
        for word in (word for word in classes if word not in known and not RUNS.match(word)):
            choice = f"known: {', '.join(sorted(known))}" if known else "leave it out"
            self.unsupported(word, f"{kind} .{_short(word)}", choice)
        for key, value in pairs:
            self.attribute(kind, self.read(key), self.read(value, "an attribute"))

    def attribute(self, kind: str, key: str, value: str) -> None:
        known = ATTRIBUTES.get(kind, set())
        if key not in known:
            expected = ", ".join(sorted(known)) or "none"
            told = f"got the attribute {_short(key)} on a {kind}, expected {expected}"
            self.tell(key, told, "leave it out")
        elif key == "file" and not Path(f"{value}.html").is_file():
            told = f"got file={_short(value)}, expected a list that the build wrote"
            self.tell(value, told)
