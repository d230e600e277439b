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
from collections.abc import Callable, Collection
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pipeline.errors import Problem
from pipeline.prose.places import CODE, Line, Places

BUILD = Path("build")
COMMENT = re.compile(r"<!--(?!-?>)(?:(?!--!?>).)*-->\s*", re.DOTALL)  # ends where browsers end it
RUNS = re.compile(r"\{\w+\}")  # code that Quarto would run
LEFT_OVER = re.compile(r"\{{1,2}<|>\}{1,2}|\[\^|\]\[|\]\(|`+|<!|:{3,}|\{[#.=]")
MISPLACED = re.compile(r"(?:^|`|%60)[^\s`]*?:(\d+)(?: |%20).*?(?:`\{|%60%7B)=shortcode")
REFERENCE = re.compile(r"(fig|tbl|sec)-")
MARKUP = re.compile(r"[<>\\$`{}\[\]]")
# What each kind of node may have; all else is refused. Links get classes from Pandoc itself.
CALLOUTS = {f"callout-{kind}" for kind in ("note", "important", "tip", "warning", "caution")}
BLOCKS = {"key-findings", "figure-title", "made"}
CLASSES = {
    "block": CALLOUTS | BLOCKS,
    "heading": {"unnumbered", "unlisted"},
    "link": {"uri", "email"},
}
ATTRIBUTES = {
    "block": {"title", "file"},
    "picture": {"fig-alt", "alt"},
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
    from pipeline import complaints

    places = Places(rows)
    tree, warnings, failure = _parsed(_marked(rows), rules.reader)
    if failure:  # of a header that is told by itself
        return list(complaints.failure(Path(rows[0].file), "pandoc", failure).problems)
    walk = _Walk(places, rules)
    walk.document(tree)
    told = [_warned(places, entry) for entry in warnings if entry["type"] != TOLD_BY_TREE]
    return list(dict.fromkeys([*told, *walk.found]))


def _marked(rows: list[Line]) -> str:
    """Give the source with raw pieces in place of shortcodes, which know where they stood."""
    marked = (CODE.sub(rf"`:{n} \1`{{=shortcode}}", row.text) for n, row in enumerate(rows, 1))
    return "\n".join(marked) + "\n"


def invisible(text: str) -> list[str]:
    """List what is no text: controls, directions, zero width, private use."""
    kinds = ((character, unicodedata.category(character)) for character in text)
    return [
        character
        for character, kind in kinds
        if (kind.startswith("C") or kind in ("Zl", "Zp") or IGNORABLE.match(character))
        and character not in "\n\t"
    ]


def spelled(character: str) -> str:
    """Name a character for a message: `U+202E (RIGHT-TO-LEFT OVERRIDE)`."""
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}" + (f" ({name})" if name else "")


def made(path: str, folder: Path) -> bool:
    """Tell whether a path names a file below a folder of the build, links followed."""
    clean = not Path(path).is_absolute() and ".." not in Path(path).parts
    return clean and Path(path).resolve().is_relative_to(folder.resolve())


def nearest(name: str, names: Collection[str]) -> str:
    """Suggest what was probably meant: `did you mean a or b?`, or nothing."""
    close = get_close_matches(name, list(names), n=3, cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else ""


def _parsed(source: str, reader: str) -> tuple[dict, list[dict], str]:
    """Run Pandoc: its tree, its warnings, and what it says if it failed."""
    from pipeline import programs

    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log.json")
        command = [programs.pandoc_path(), "--to=json", "--quiet"]
        command += [f"--from={reader}", f"--log={log}"]
        done = subprocess.run(command, input=source, capture_output=True, encoding="utf-8")
        if done.returncode:
            return {}, [], done.stderr
        return json.loads(done.stdout), json.loads(log.read_text(encoding="utf-8")), ""


def _warned(places: Places, entry: dict) -> Problem:
    """Make a problem of a warning; Pandoc knows its line."""
    row = places.numbered(entry.get("openpos", entry).get("line", 1))
    if entry["type"] == "UnclosedDiv":
        told = "got a block without its end, expected ::: behind it"
        return row.problem(told, "close it, or what follows becomes part of it")
    if entry["type"] == "NoteDefinedButNotUsed":
        key = entry["key"]
        told = f'got the footnote "{key}" that nothing points to, expected [^{key}] in the text'
        return row.problem(told)
    pretty = re.sub(r" at (\S* )?\(?line \d+,? column \d+\)?", "", entry["pretty"])
    return row.problem(f"Pandoc: {_short(pretty, 200)}")


def _short(text: str, length: int = 40) -> str:
    shown = "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
    return shown if len(shown) <= length else shown[: length - 1] + "…"


class _Walk:
    """One way through a tree, in the order of the source, that collects what is wrong.

    A kind of node that needs more than a walk through what it holds has a method of its name.
    """

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
            own = getattr(self, f"in_{part['t'].lower()}", self.walk)
            own(part.get("c"))
        elif isinstance(part, dict):
            self.walk(list(part.values()))

    def tell(self, row: Line, message: str, hint: str = "") -> None:
        self.found.append(row.problem(message, hint))

    def unsupported(self, row: Line, what: str, instead: str) -> None:
        self.tell(row, f"unsupported Quarto feature: {what}", instead)

    # Text

    def in_str(self, text: str) -> None:
        token = LEFT_OVER.search(text)
        row = self.places.unescaped(token[0]) if token else None
        if token and row:
            told = f"got {token[0]} as text, expected it to be part of markup"
            self.tell(row, told, "complete it on one line, or write a backslash before it")
        for character in invisible(text):
            told = f"got {spelled(character)} as an entity, expected visible text"
            self.tell(self.places.of("&"), told)
        self.places.passed(text)

    def in_math(self, content: list) -> None:
        self.unsupported(self.places.of(f"${content[1]}"), "math", "write it in words")
        self.places.passed(content[1])

    def in_code(self, content: list) -> None:
        attr, text = content
        marks = [word for word in (*attr[1], text) if RUNS.match(word)]
        if marks:
            row = self.places.of(marks[0].split()[0])
            self.unsupported(row, "code that runs", "compute in analysis/ and print a fact")
        else:
            self.attributes("piece of code", attr)
        self.plain_text(text, "code")
        self.places.behind("`")

    in_codeblock = in_code

    def in_rawinline(self, content: list) -> None:
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

    in_rawblock = in_rawinline

    def plain_text(self, text: str, where: str) -> bool:
        """Move on behind a text in which no shortcode is resolved; tell whether it has none."""
        if "=shortcode" not in text:
            self.places.passed(text)
            return True
        numbers = [int(place[1]) for place in MISPLACED.finditer(text)]
        for row in map(self.places.numbered, numbers) if numbers else [self.places.here()]:
            self.tell(row, f"got a shortcode in {where}, expected it in the text")
        return False

    # Pointers and pictures

    def in_link(self, content: list) -> None:
        attr, inlines, (target, title) = content
        self.walk(inlines)
        row = self.places.of(target)
        if target.startswith("#"):
            self.pointers.append((row, "place", target[1:]))
        elif "=shortcode" in target + title:
            self.plain_text(target + title, "a link")
        elif not self.rules.link(target):
            self.tell(row, f"got the link {_short(target)}, expected {self.rules.links}")
        self.places.behind(f"]({target}")
        self.attributes("link", attr)

    def in_image(self, content: list) -> None:
        attr, inlines, (source, title) = content
        row = self.places.of(source)
        if not made(source, BUILD / "figures"):
            told = f"got the picture {_short(source)}, expected one below build/figures/"
            self.tell(row, told, "include the figure")
        elif not Path(source).is_file():
            told = f"got no picture {_short(source)}, expected a file"
            self.tell(row, told, "include the figure")
        elif content is not self.alone:
            told = "got a picture within a line, expected it in a paragraph of its own"
            self.tell(row, told, "write ![](file){fig-alt=…}")
        elif not {"fig-alt", "alt"} & {name for name, _ in attr[2]}:
            self.tell(row, "got a picture without fig-alt, expected what it shows in words")
        self.walk(inlines)
        self.plain_text(title, "a picture")
        self.attributes("picture", attr)

    def in_para(self, inlines: list) -> None:
        self.alone = inlines[0]["c"] if [part["t"] for part in inlines] == ["Image"] else None
        self.walk(inlines)

    in_plain = in_para

    def in_cite(self, content: list) -> None:
        citations, inlines = content
        for citation in citations:
            name = citation["citationId"]
            row = self.places.of(f"@{name}")
            if REFERENCE.match(name):
                self.pointers.append((row, "reference", name))
            elif name not in self.rules.sources:
                self.tell(row, f'no source "{name}"', nearest(name, self.rules.sources))
            self.walk([citation["citationPrefix"], citation["citationSuffix"]])
        words = (part["c"] if part["t"] == "Str" else " " for part in inlines)
        self.places.passed("".join(words))

    def in_note(self, blocks: list) -> None:
        here = self.places.into_note()
        self.walk(blocks)
        self.places.at = here

    # What has attributes

    def in_header(self, content: list) -> None:
        _, attr, inlines = content
        self.walk(inlines)
        self.attributes("heading", attr, self.places.here())

    def in_div(self, content: list) -> None:
        _, classes, pairs = content[0]
        if "made" in classes and "file" not in dict(pairs):
            told = "got a block .made without file, expected a list that the build wrote"
            self.tell(self.places.of(".made"), told)
        self.attributes("block", content[0])
        self.walk(content[1])

    def in_span(self, content: list) -> None:
        self.walk(content[1])
        self.attributes("span", content[0])

    def in_table(self, content: list) -> None:
        attr, caption, _, *rows = content
        self.walk([rows, caption])
        self.attributes("table", attr)

    def in_figure(self, content: list) -> None:
        self.attributes("figure", content[0])
        self.walk(content[2])  # whose words the caption only repeats

    def attributes(self, kind: str, attr: list, row: Line | None = None) -> None:
        """Check id, classes and attributes of a node."""
        name, classes, pairs = attr
        if name in self.ids:
            told = f'got the id "{name}" a second time, expected each once'
            self.tell(row or self.places.of(f"#{name}"), told, "give it another name")
        self.ids |= {name} - {""}
        known = CLASSES.get(kind, set())
        for word in (word for word in classes if word not in known):
            choice = f"known: {', '.join(sorted(known))}" if known else "leave it out"
            self.unsupported(self.places.of(word), f"{kind} .{_short(word)}", choice)
        for key, value in pairs:
            self.attribute(self.places.of(key), kind, key, value)

    def attribute(self, row: Line, kind: str, key: str, value: str) -> None:
        known = ATTRIBUTES.get(kind, set())
        if key not in known:
            expected = ", ".join(sorted(known)) or "none"
            told = f"got the attribute {_short(key)} on a {kind}, expected {expected}"
            self.tell(row, told, "leave it out")
        if not self.plain_text(value, "an attribute"):
            return
        if key == "file" and not (made(value, BUILD) and Path(f"{value}.html").is_file()):
            self.tell(row, f"got file={_short(value)}, expected a list that the build wrote")
        elif key == "title" and MARKUP.search(value):
            self.tell(row, f"got markup in the title {_short(value)}, expected plain words")
