"""Finds the lines of what stands in Pandoc's tree, which has no positions."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate

from pipeline.errors import Problem

WORD = re.compile(r"[^\W_]+")
NOTE = re.compile(r"\[\^([^\]\s]+)\](?!:)|\^\[")
CODE = re.compile(r"\{\{<\s*(.*?)\s*>\}\}")
REACH = 1000  # characters in which the next word of the tree must stand in the source


@dataclass(frozen=True)
class Line:
    """A line of the prose with includes followed, and the section it stands in."""

    text: str
    file: str
    number: int
    section: str = ""
    heading: str = ""

    def problem(self, message: str, hint: str = "") -> Problem:
        """Make a problem of what is wrong in this line."""
        return Problem(self.file, self.number, "", message, hint)


class Places:
    """A place in the source that follows the tree: every word of the tree moves it on.

    Words stand in tree and source in the same order, so the first place at or behind `at` is never
    too late, and the next rare word makes up for one that was too early.
    """

    def __init__(self, rows: list[Line]):
        self.rows = rows
        self.source = "\n".join(row.text for row in rows) + "\n"
        # Shortcodes name their line themselves; what is in them is no text.
        self.text = CODE.sub(lambda code: "\0" * len(code[0]), self.source)
        self.starts = [0, *accumulate(len(row.text) + 1 for row in rows)]
        self.words = defaultdict(list)
        for word in WORD.finditer(self.text):
            self.words[word[0]].append(word.start())
        self.at = 0

    def here(self) -> Line:
        """Return the line that reading has come to."""
        return self.row(self.at)

    def row(self, index: int) -> Line:
        """Return the line that holds a character of the source."""
        return self.rows[min(bisect_right(self.starts, index), len(self.rows)) - 1]

    def numbered(self, number: int) -> Line:
        """Return a line by its number in the whole source, and move on to it."""
        index = min(number, len(self.rows)) - 1
        self.at = max(self.at, self.starts[index])
        return self.rows[index]

    def passed(self, text: str) -> None:
        """Move on behind the words of a text."""
        for word in WORD.findall(text):
            known = self.words.get(word, [])
            found = bisect_left(known, self.at)
            if found < len(known) and known[found] < self.at + REACH:
                self.at = known[found] + len(word)

    def behind(self, text: str) -> None:
        """Move on behind this very text, if it stands right here."""
        found = self.text.find(text, self.at, self.at + len(text) + 3)
        if found >= 0:
            self.at = found + len(text)

    def of(self, what: str) -> Line:
        """Return the line of a text: the next one, else any, else where reading has come to."""
        first = (what.strip().splitlines() or [""])[0]
        word = (what.split() or [""])[0]  # Pandoc may have joined lines with a blank
        for sought, start in ((first, self.at), (word, self.at), (first, 0)):
            found = self.text.find(sought, start)
            if found >= 0:
                return self.row(found)
        return self.here()

    def unescaped(self, token: str) -> Line | None:
        """Return the line of the next such token, or None if backslashes make it text."""
        either = "".join(r"\\?" + re.escape(character) for character in token)
        found = re.compile(either).search(self.text, self.at, self.at + REACH)
        return self.row(found.start()) if found and "\\" not in found[0] else None

    def into_note(self) -> int:
        """Move to the next footnote, which may stand elsewhere; return where to go on."""
        here = self.at
        found = NOTE.search(self.text, here)
        if found and found[1]:
            self.at = max(self.text.find(f"[^{found[1]}]:"), 0)
        return here
