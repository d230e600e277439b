"""Fill the templates of `theme/`: pages for the web, and lists for the web and for Typst."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
from markupsafe import Markup

from pipeline.errors import Problems, mistake

THEME = Path("theme")


@cache
def _templates() -> Environment:
    found = Environment(
        loader=FileSystemLoader(THEME),
        autoescape=lambda name: not str(name).endswith(".typ"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    found.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    found.filters |= {"typst": typst, "cited": cited}
    return found


def fill(template: str, **known: object) -> str:
    """Fill a template of `theme/`; Problems name its line."""
    try:
        return _templates().get_template(template).render(**known)
    except TemplateError as error:
        raise Problems(mistake(THEME / template, error)) from None


def typst(text: str) -> str:
    """Write a text as a Typst string, in which nothing is markup."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def cited(sources: Iterable[str], kind: str) -> str:
    """Leave a mark where sources are cited; the filter puts their numbers there.

    No text of a table can look like one: HTML has `<` escaped, and a Typst string has `"` escaped.
    """
    listed = ";".join(sources)
    return Markup(f"<!--cite {listed}-->") if kind == "html" else f'#sources("{listed}")'
