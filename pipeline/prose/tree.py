"""Reads a document as Pandoc's tree and refuses there what must not be published.

Raw markup, scripts, addresses other than https, attributes and classes that nothing of ours reads,
pictures that the build did not draw, and whatever was meant as markup but would print as text.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pipeline.errors import Problem
from pipeline.prose.places import Line, Places

BUILD = Path("build")
COMMENT = re.compile(r"<!--(?!-?>)(?:(?!--!?>).)*-->\s*", re.DOTALL)  # ends where browsers end it
INLINE_CODE = re.compile(r"\{(python|r|julia|ojs)\} ")
LAYOUT = re.compile(r"layout.*|columns?(-.*)?|panel-tabset")
LEFT_OVER = re.compile(r"\{{1,2}<|>\}{1,2}|\[\^|\]\[|\]\(|`+|<!|:{3,}|\{[#.=]")
MISPLACED = re.compile(r"(?:^|`|%60)[^\s`]*?:(\d+)(?: |%20).*?(?:`\{|%60%7B)=shortcode")
REFERENCE = re.compile(r"(fig|tbl|sec)-")
MARKUP = re.compile(r"[<>\\$`{}\[\]]")
CALLOUTS = {f"callout-{kind}" for kind in ("note", "important", "tip", "warning", "caution")}
BLOCKS = {"key-findings", "figure-title", "figure-tools", "appendix"}
VISIBLE = {"content-visible", "content-hidden"}
FORMATS = {"when-format", "unless-format"}
CLASSES = {
    "Div": CALLOUTS | BLOCKS | VISIBLE,
    "Span": VISIBLE,
    "Header": {"unnumbered", "unlisted"},
    "Link": {"uri", "email"},  # Pandoc's own, on bare addresses
}
ATTRIBUTES = {
    "Div": FORMATS | {"title", "figure", "file"},
    "Span": FORMATS,
    "Image": {"fig-alt", "alt"},
}
NAMES = {
    "Div": "block",
    "Header": "heading",
    "Image": "picture",
    "Code": "piece of code",
    "CodeBlock": "code block",
}
TOLD_BY_TREE = "DuplicateIdentifier"  # of every node, where Pandoc warns of headings only
OURS = {"report", "words", "in-brief"}  # ids that the page has of itself
IGNORABLE = re.compile(  # marks and letters that no reader sees, beside those of a whole category
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


@dataclass(frozen=True)
class Rules:
    """What holds for one document.

    reader: Pandoc's `--from`.
    link: tells whether an address is permitted; links: what to say of those that are.
    sources, anchors: what may be cited, and what may be linked to beside the document's own ids.
    """

    reader: str
    link: Callable[[str], bool]
    links: str
    sources: Collection[str] = ()
    anchors: Collection[str] = ()


def problems(rows: list[Line], rules: Rules) -> list[Problem]:
    """List all mistakes that Pandoc's tree of these lines shows, each with file and line."""
    places = Places(rows)
    tree, warnings, failure = _parsed(places.source, rules.reader)
    if failure:
        return [_failed(rows, failure)]
    walk = _Walk(places, rules)
    walk.document(tree)
    told = [_warned(places, entry) for entry in warnings if entry["type"] != TOLD_BY_TREE]
    return list(dict.fromkeys([*told, *walk.found]))


def invisible(text: str) -> Iterator[str]:
    """Yield what is no text: controls, directions, zero width, private use."""
    if text.isprintable() and not IGNORABLE.search(text):
        return
    for character in text:
        kind = unicodedata.category(character)
        if (
            (kind[0] == "C" or kind in ("Zl", "Zp")) and character not in "\n\t"
        ) or IGNORABLE.match(character):
            yield character


def spelled(character: str) -> str:
    """Name a character for a message: `U+202E (RIGHT-TO-LEFT OVERRIDE)`."""
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}" + (f" ({name})" if name else "")


def made(path: str, folder: Path) -> bool:
    """Tell whether a path names a file that the build made below a folder, links followed."""
    below = BUILD.resolve() / folder.relative_to(BUILD)
    clean = not Path(path).is_absolute() and ".." not in Path(path).parts
    return clean and Path(path).resolve().is_relative_to(below)


def nearest(name: str, names: Collection[str]) -> str:
    """Suggest what was probably meant: `did you mean a or b?`, or nothing."""
    close = get_close_matches(name, list(names), n=3, cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else ""


def _parsed(source: str, reader: str) -> tuple[dict, list[dict], str]:
    """Run Pandoc: its tree, its warnings, and what it says if it failed."""
    from pipeline.site import engines

    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log.json")
        command = [
            engines.pandoc_path(),
            f"--from={reader}",
            "--to=json",
            f"--log={log}",
            "--quiet",
        ]
        done = subprocess.run(command, input=source, capture_output=True, encoding="utf-8")
        if done.returncode:
            return {}, [], done.stderr
        return json.loads(done.stdout), json.loads(log.read_text(encoding="utf-8")), ""


def _failed(rows: list[Line], failure: str) -> Problem:
    """Make a problem of what Pandoc said when it stopped, at our Lua or at a line."""
    from pipeline.site import engines

    told = engines.failure(Path(rows[0].file), "pandoc", failure).problems[0]
    found = re.search(r"\bline (\d+)", failure)
    if told.line or not found:
        return told
    row = rows[min(int(found[1]), len(rows)) - 1]
    return Problem(row.file, row.number, "", told.message)


def _warned(places: Places, entry: dict) -> Problem:
    """Make a problem of a warning; Pandoc knows its line."""
    number = entry.get("openpos", entry).get("line", 1)
    row = places.rows[min(number, len(places.rows)) - 1]
    if entry["type"] == "UnclosedDiv":
        told = "got a block without its end, expected ::: behind it"
        return Problem(
            row.file, row.number, "", told, "close it, or what follows becomes part of it"
        )
    if entry["type"] == "NoteDefinedButNotUsed":
        key = entry["key"]
        told = f'got the footnote "{key}" that nothing points to, expected [^{key}] in the text'
        return Problem(row.file, row.number, "", told)
    pretty = re.sub(r" at (\S* )?\(?line \d+,? column \d+\)?", "", entry["pretty"])
    return Problem(row.file, row.number, "", f"Pandoc: {_short(pretty, 200)}")


def _twice(row: Line, name: str) -> Problem:
    told = f'got the id "{name}" a second time, expected each once'
    return Problem(row.file, row.number, "", told, "give it another name")


def _short(text: str, length: int = 40) -> str:
    shown = "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
    return shown if len(shown) <= length else shown[: length - 1] + "…"


class _Walk:
    """One way through a tree, in the order of the source, that collects what is wrong."""

    def __init__(self, places: Places, rules: Rules):
        self.places = places
        self.rules = rules
        self.found: list[Problem] = []
        self.ids: set[str] = set(OURS)
        self.pointers: list[tuple[Line, str, str]] = []
        self.alone: Any = None  # the picture that has a paragraph to itself
        self.in_head = False

    def document(self, tree: dict) -> None:
        """Walk header and text; then see where pointers lead."""
        self.in_head = True
        for key, value in tree["meta"].items():
            found = re.search(rf"^{re.escape(key)}:", self.places.text, re.MULTILINE)
            self.places.at = found.start() if found else 0
            self.walk(value)
        self.in_head = False
        head = re.match(r"---\n.*?\n(---|\.\.\.)[ \t]*\n", self.places.text, re.DOTALL)
        self.places.at = head.end() if head and tree["meta"] else 0
        self.walk(tree["blocks"])
        for row, what, name in self.pointers:
            if name not in self.ids and name not in self.rules.anchors:
                self.tell(row, f'no {what} "{name}"', nearest(name, self.ids))

    def walk(self, part: Any) -> None:
        """Walk a node, or everything in a list or table of nodes."""
        if isinstance(part, list):
            for inner in part:
                self.walk(inner)
        elif isinstance(part, dict) and "t" in part:
            own = getattr(self, part["t"].lower(), None)
            (own or self.walk)(part.get("c"))
        elif isinstance(part, dict):
            self.walk(list(part.values()))

    def tell(self, row: Line, message: str, hint: str = "") -> None:
        self.found.append(Problem(row.file, row.number, "", message, hint))

    def unsupported(self, row: Line, what: str, instead: str) -> None:
        self.tell(row, f"unsupported Quarto feature: {what}", instead)

    # Text

    def str(self, text: str) -> None:
        token = LEFT_OVER.search(text)
        row = self.places.unescaped(token[0]) if token else None
        if row:
            told = f"got {token[0]} as text, expected it to be part of markup"
            self.tell(row, told, "complete it on one line, or write a backslash before it")
        for character in invisible(text):
            self.tell(
                self.places.of("&"), f"got {spelled(character)} as an entity, expected visible text"
            )
        self.places.passed(text)

    def math(self, content: list) -> None:
        self.unsupported(self.places.of(f"${content[1]}"), "math", "write it in words")
        self.places.passed(content[1])

    def code(self, content: list) -> None:
        attr, text = content
        if INLINE_CODE.match(text):
            row = self.places.of(text.split()[0])
            what = "code cell" if row.text.lstrip().startswith("```") else "inline code"
            self.unsupported(row, what, "compute in analysis/ and print a fact")
        if not self.no_shortcode(text, "code"):
            self.places.passed(text)
        self.places.behind("`")
        self.attributes("Code", attr)

    def codeblock(self, content: list) -> None:
        attr, text = content
        if any(name.startswith("{") for name in attr[1]):
            row = self.places.of(attr[1][0])
            self.unsupported(row, "code cell", "compute in analysis/ and print a fact")
        else:
            self.attributes("CodeBlock", attr)
        if not self.no_shortcode(text, "code"):
            self.places.passed(text)

    def rawinline(self, content: list) -> None:
        kind, text = content
        if kind == "shortcode" and (place := re.match(r"\S*:(\d+) ", text)):
            row = self.places.numbered(int(place[1]))
            if self.in_head:
                self.unsupported(row, "shortcode in the header", "write it in the text")
            if "{{<" in row.text:
                return
        if kind != "html" or not COMMENT.fullmatch(text):
            told = f"got raw {kind} ({_short(text)}), expected Markdown"
            self.tell(self.places.of(text), told, "write it in Markdown, or change theme/")
        self.places.passed(text)

    rawblock = rawinline

    def no_shortcode(self, text: str, where: str) -> bool:
        """Refuse a shortcode set where none can be resolved; tell whether there was one."""
        if "=shortcode" not in text:
            return False
        numbers = [int(place[1]) for place in MISPLACED.finditer(text)]
        for row in map(self.places.numbered, numbers) if numbers else [self.places.here()]:
            self.tell(row, f"got a shortcode in {where}, expected it in the text")
        return True

    # Pointers and pictures

    def link(self, content: list) -> None:
        attr, inlines, (target, title) = content
        self.walk(inlines)
        row = self.places.of(target)
        if self.no_shortcode(target, "a link"):
            pass
        elif target.startswith("#"):
            self.pointers.append((row, "place", target[1:]))
        elif not self.rules.link(target):
            self.tell(row, f"got the link {_short(target)}, expected {self.rules.links}")
        self.no_shortcode(title, "a title")
        self.places.behind(f"]({target}")
        self.attributes("Link", attr)

    def image(self, content: list) -> None:
        attr, inlines, (source, title) = content
        row = self.places.of(source)
        self.no_shortcode(source + title, "a picture")
        if not made(source, BUILD / "figures"):
            told = f"got the picture {_short(source)}, expected one below build/figures/"
            self.tell(row, told, "include the figure")
        elif not Path(source).is_file():
            self.tell(
                row, f"got no picture {_short(source)}, expected a file", "include the figure"
            )
        elif content is not self.alone:
            told = "got a picture within a line, expected it in a paragraph of its own"
            self.tell(row, told, "write ![](file){fig-alt=…}")
        elif not {"fig-alt", "alt"} & {name for name, _ in attr[2]}:
            self.tell(row, "got a picture without fig-alt, expected what it shows in words")
        self.walk(inlines)
        self.attributes("Image", attr)

    def para(self, inlines: list) -> None:
        self.alone = inlines[0]["c"] if [part["t"] for part in inlines] == ["Image"] else None
        self.walk(inlines)

    plain = para

    def cite(self, content: list) -> None:
        citations, inlines = content
        for citation in citations:
            name = citation["citationId"]
            row = self.places.of(f"@{name}")
            if REFERENCE.match(name):
                self.pointers.append((row, "reference", name))
            elif name not in self.rules.sources:
                self.tell(row, f'no source "{name}"', nearest(name, self.rules.sources))
            self.walk([citation["citationPrefix"], citation["citationSuffix"]])
        self.places.passed(
            "".join(part.get("c", " ") for part in inlines if part["t"] in ("Str", "Space"))
        )

    def note(self, blocks: list) -> None:
        here = self.places.into_note()
        self.walk(blocks)
        self.places.at = here

    # What has attributes

    def header(self, content: list) -> None:
        _, attr, inlines = content
        self.walk(inlines)
        self.attributes("Header", attr, self.places.here())

    def div(self, content: list) -> None:
        attr, blocks = content
        self.attributes("Div", attr)
        self.walk(blocks)

    def span(self, content: list) -> None:
        attr, inlines = content
        self.walk(inlines)
        self.attributes("Span", attr)

    def table(self, content: list) -> None:
        attr, caption, _, *rows = content
        self.walk(rows)
        self.walk(caption)
        self.attributes("Table", attr)

    def figure(self, content: list) -> None:
        self.attributes("Figure", content[0])
        self.walk(content[2])

    def attributes(self, kind: str, attr: list, row: Line | None = None) -> None:
        """Check id, classes and attributes of a node."""
        name, classes, pairs = attr
        what = NAMES.get(kind, kind.lower())
        if name in self.ids:
            self.found.append(_twice(row or self.places.of(f"#{name}"), name))
        self.ids |= {name} - {""}
        for word in classes:
            self.known_class(kind, what, word)
        for key, value in pairs:
            place = self.places.of(key)
            if key not in ATTRIBUTES.get(kind, ()):
                self.unknown_attribute(place, kind, what, key)
            if not self.no_shortcode(value, "an attribute"):
                self.value(place, key, value)
                self.places.passed(value)

    def known_class(self, kind: str, what: str, word: str) -> None:
        known = CLASSES.get(kind, set())
        if LAYOUT.fullmatch(word):
            self.unsupported(self.places.of(word), "layout", "one figure or table after the other")
        elif word not in known:
            choice = f"known: {', '.join(sorted(known))}" if known else "leave it out"
            self.unsupported(self.places.of(word), f"{what} .{_short(word)}", choice)

    def unknown_attribute(self, row: Line, kind: str, what: str, key: str) -> None:
        if LAYOUT.fullmatch(key):
            self.unsupported(row, "layout", "one figure or table after the other")
            return
        known = ", ".join(sorted(ATTRIBUTES.get(kind, ()))) or "none"
        self.tell(
            row, f"got the attribute {_short(key)} on a {what}, expected {known}", "leave it out"
        )

    def value(self, row: Line, key: str, value: str) -> None:
        if key == "file" and not made(value, BUILD):
            self.tell(row, f"got file={_short(value)}, expected a file below build/")
        elif key == "title" and MARKUP.search(value):
            self.tell(row, f"got markup in the title {_short(value)}, expected plain words")
        elif key in FORMATS and value not in ("html", "typst", "pdf"):
            self.unsupported(row, f'format "{_short(value)}"', "use html or typst")
