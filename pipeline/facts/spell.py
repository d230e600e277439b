"""The one place where a value becomes text, for prose, captions, alt texts and chart labels alike.

Babel rounds half to even and d3 half up, so text and chart would disagree about 0.0345.
Here every number is rounded once, half up, from its exact value, before it is spelled.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import floor
from typing import Any

# Each by language
GROUP = {"en": ","}
POINT = {"en": "."}
PERCENT = {"en": "%"}
NO_BREAK = "\u00a0"  # no line ends inside a number with its unit, or inside a date
MILLION = {"en": f"{NO_BREAK}million"}
DOLLARS = {"en": f"{NO_BREAK}million dollars"}
ONE_IN = {"en": f"1{NO_BREAK}in{NO_BREAK}"}
DATES = {
    "en": {
        "": "d MMMM y",
        "day": "d MMMM",
        "month": "MMMM y",
        "weekday": "EEEE d MMMM",
        "year": "y",
    },
}
BRIEF = {"short": "d MMM", "dated": "d MMM y", "monthly": "MMM y", "long": "d MMMM y"}  # charts
LARGEST_IN_WORDS = 99  # larger counts are easier to read in digits
SMALL = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen".split(),
}
TENS = {"en": ["", "", *"twenty thirty forty fifty sixty seventy eighty ninety".split()]}
JOINED = {"en": "-"}


def rounded(value: Any, decimals: int) -> Decimal:
    """Round an exact number half up (away from zero), keeping `decimals` places."""
    exact = Fraction(value)
    scaled = floor(abs(exact) * 10**decimals + Fraction(1, 2))
    return Decimal(-scaled if exact < 0 else scaled).scaleb(-decimals)


def number(value: Any, lang: str = "en", decimals: int | None = None) -> str:
    """Spell a number with the language's separators and a real minus sign."""
    decimals = places(value) if decimals is None else decimals
    digits = f"{abs(rounded(value, decimals)):,.{decimals}f}"
    sign = "\u2212" if rounded(value, decimals) < 0 else ""
    return sign + digits.replace(",", "\0").replace(".", POINT[lang]).replace("\0", GROUP[lang])


def places(value: Any) -> int:
    """Decimals that a value carries itself: 51.20 carries two, an integer none."""
    if isinstance(value, Decimal):
        return max(0, -int(value.as_tuple().exponent))
    return 0 if Fraction(value).denominator == 1 else 2


@cache
def day(iso: str, lang: str = "en", style: str = "") -> str:
    """Spell an ISO date, unbroken: 29 July 2024, or by a style of `DATES` or `BRIEF`."""
    from babel.dates import format_date  # 0.1 s that a text-only build does not need

    spelled = format_date(date.fromisoformat(iso), (DATES[lang] | BRIEF)[style], locale=lang)
    return spelled.replace(" ", NO_BREAK)


def millions(value: Any, lang: str, decimals: int | None = None) -> str:
    """Spell a large count as millions with about three figures."""
    share = Fraction(value) / 10**6
    if decimals is None:
        decimals = 2 if abs(share) < 10 else 1 if abs(share) < 100 else 0
    return number(share, lang, decimals) + MILLION[lang]


def curled(text: str) -> str:
    """Turn typewriter quotes and apostrophes into printed ones.

    A quote opens at the start and after a space or a bracket.
    """
    return re.sub(r'(^|[\s(\[])"', r"\1“", text).replace('"', "”").replace("'", "’")


def cardinal(count: int, lang: str) -> str:
    """Spell a count from 0 to 99 in words: seven, forty-two."""
    if count < len(SMALL[lang]):
        return SMALL[lang][count]
    tens, ones = divmod(count, 10)
    joined = f"{JOINED[lang]}{SMALL[lang][ones]}" if ones else ""
    return TENS[lang][tens] + joined


def text(
    value: Any, unit: str, lang: str = "en", style: str = "", decimals: int | None = None
) -> str:
    """Spell a value of a unit in a language and style; KeyError for a style that does not apply."""
    return texts(value, unit, lang, decimals)[style]


def texts(value: Any, unit: str, lang: str = "en", decimals: int | None = None) -> dict[str, str]:
    """Spell a value in every style of its unit: style → text, "" being the usual one."""
    if isinstance(value, Mapping):
        value = value.get(lang, value["en"])
    if unit == "date":
        return {style: day(value, lang, style) for style in DATES[lang]} | {"iso": value}
    if isinstance(value, str):
        return {"": value, "Words": value[:1].upper() + value[1:]}
    return _numeric(value, unit, lang, decimals)


def _numeric(value: Any, unit: str, lang: str, decimals: int | None) -> dict[str, str]:
    bare = number(value, lang, decimals)
    prefix = ONE_IN[lang] if unit == "one_in" else ""
    suffix = {
        "percent": PERCENT[lang],
        "million_votes": MILLION[lang],
        "million_dollars": DOLLARS[lang],
    }.get(unit, "")
    found = {"": prefix + bare + suffix, "bare": bare}
    if abs(value) >= 10**6:
        found["millions"] = prefix + millions(value, lang)
    if Fraction(value).denominator == 1 and 0 <= value <= LARGEST_IN_WORDS and not suffix:
        words = cardinal(int(value), lang)
        found |= {"words": words, "Words": words[:1].upper() + words[1:]}
    return found
