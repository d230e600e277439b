"""Find numbers that somebody typed instead of naming a fact: digits and number words.

The words are listed here by hand, apart from those that the report spells with, so that neither
vouches for the other.
"""

from __future__ import annotations

import re

SPELLED = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
    fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth fortieth
    fiftieth sixtieth seventieth eightieth ninetieth hundredth thousandth millionth billionth
    hundreds thousands millions billions dozen dozens half halves thirds quarter quarters
    twice thrice double doubled triple tripled hundred thousand million billion couple
"""
PRONOUN = "a pronoun or an article"
# Words that look like numbers and are not, each with the reason it may stand.
EXCEPTIONS = {
    r"\bfirst\b": "an order, not a count: the first bulletin",
    r"\bsecond\b(?! third)": "an order, not a count: the second bulletin, a second time",
    r"\b(no|each|every|this|that|any|some|which|the other) one\b": "a pronoun",
    r"\bone (another|of|by one|side|decimal|list|source|outlet|paper|day after)\b": PRONOUN,
    r"\b(the|at|as|in|than|from|for|only|vertical|horizontal|upper|lower|more than) one\b": PRONOUN,
    r"\bone (tile|line|bar|state|count|dot|hill|scale|square|row|sheet|a)\b": "a mark",
    r"\bin millions\b": "the unit of a scale",
    r"\btwo counts(, one election)?\b": "the title of the report",
    r"\b(the|these|those) two\b": "the pair that the sentence has named, as in both",
    r"\bsingle\b": "not a number word",
    r"\bH1N1\b|\bG7\b|\bUTF-8\b|\bV[12]\b|\bM49\b": "a name",
    r"\bISO 3166-1 alpha-3\b": "the name of a standard",
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


NUMBER = re.compile(rf"\d[\d.,]*|\b(?:{'|'.join(SPELLED.split())})\b", re.IGNORECASE)


def find(text: str) -> list[str]:
    """List the numbers typed in a piece of prose, as they stand there."""
    for hidden in (*HIDDEN, *EXCEPTIONS):
        text = re.sub(hidden, " \0 ", text, flags=re.IGNORECASE)
    return [found[0] for found in NUMBER.finditer(text)]
