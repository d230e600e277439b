"""Find numbers that somebody typed instead of naming a fact: digits and number words, in English and Spanish.

The words come from num2words, so no list of them is kept here; only what it cannot spell is.
"""

from __future__ import annotations

import re
from functools import cache

from num2words import num2words

SPELLED = {"en": [*range(0, 101), 1000, 10**6, 10**9], "es": [*range(0, 101), 1000, 10**6]}
BEYOND = {
    "en": "hundreds thousands millions billions dozen dozens half halves thirds quarter quarters twice thrice double doubled "
    "triple tripled hundred thousand million billion couple",
    "es": "cientos miles millones docena docenas mitad tercio tercios cuarto cuartos doble triple ciento mil",
}
# Words that look like numbers and are not, each with the reason it may stand.
EXCEPTIONS = {
    r"\bfirst\b": "an order, not a count: the first bulletin",
    r"\bsecond\b(?! third)": "an order, not a count: the second bulletin, a second time",
    r"\b(no|each|every|this|that|any|some|which|the other) one\b": "a pronoun",
    r"\bone (another|of|by one|side|decimal|list|source|outlet|paper|day after)\b": "a pronoun or an article",
    r"\b(the|at|as|in|than|from|for|only|vertical|horizontal|upper|lower|more than) one\b": "a pronoun or an article",
    r"\bone (tile|line|bar|state|count|dot|hill|scale|square|row|sheet|a)\b": "an article: what a mark stands for",
    r"\bin millions\b": "the unit of a scale",
    r"\btwo counts(, one election)?\b": "the title of the report",
    r"\b(the|these|those) two\b": "the pair that the sentence has named, as in both",
    r"\bsingle\b": "not a number word",
    r"\buno de\b|\buna de\b|\bun(a|o)?\b": "an article in Spanish",
    r"\bprimer(a|o)?\b|\bsegund(a|o)\b": "an order, not a count",
    r"\bH1N1\b|\bG7\b|\bUTF-8\b|\bV[12]\b": "a name",
    r"\bCC BY 4\.0\b|\bVersion 1\.1\b": "the name of a licence",
}
HIDDEN = (
    r"\{\{<.*?>\}\}",  # a fact or an include
    r"\{[a-z][\w.-]*(\|\w+)?\}",  # a hole in the words of a figure
    r"\]\([^)]*\)",  # the address of a link
    r"<https?:[^>]*>",
    r"\[?-?@[\w.:;@ -]+\]?",  # citations and references
    r"\{[^}]*\}",  # ids, classes, attributes
    r"`[^`]*`",  # code and file names
)


@cache
def pattern(lang: str) -> re.Pattern[str]:
    """Compile what counts as a number in a language: digits, cardinals, ordinals, fractions, multiples."""
    words = {word for n in SPELLED[lang] for kind in ("cardinal", "ordinal") for word in _words(n, lang, kind)}
    words |= set(BEYOND[lang].split())
    longest_first = sorted(map(re.escape, words - {"and", "y", "de", ""}), key=len, reverse=True)
    return re.compile(r"\d[\d.,]*|\b(?:" + "|".join(longest_first) + r")\b", re.IGNORECASE)


def _words(n: int, lang: str, kind: str) -> list[str]:
    try:
        return re.split(r"[\s,-]+", num2words(n, lang=lang, to=kind))
    except (NotImplementedError, OverflowError):
        return []


def find(text: str, lang: str = "en") -> list[str]:
    """List the numbers typed in a piece of prose, as they stand there."""
    for hidden in (*HIDDEN, *EXCEPTIONS):
        text = re.sub(hidden, " \0 ", text, flags=re.IGNORECASE)
    return [found[0] for found in pattern(lang).finditer(text)]
