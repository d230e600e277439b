"""The words that the machine itself says: `theme/words.yml`, by language and by who says them."""

from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pipeline import reading
from pipeline.errors import stop

WORDS = Path("theme/words.yml")


class Words(SimpleNamespace):
    """The words of one part in one language; Problems for one that is missing."""

    def __getattr__(self, name: str) -> Any:
        raise stop(WORDS, f"got no {name}, expected words for it", hint=reading.RESTORE)


@cache
def words(part: str, lang: str) -> Words:
    """Read the words of a part: `pages`, `citations` or `appendix`; raise what is missing."""
    parts = reading.from_yaml(WORDS, lang)[lang]
    found = parts.get(part) if isinstance(parts, dict) else None
    if not isinstance(found, dict):
        told = f"got no {part} of {lang}, expected names and words"
        raise stop(WORDS, told, hint=reading.RESTORE)
    return Words(**found)
