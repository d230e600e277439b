"""A figure, found by the pair of files it is made in, and what becomes of it in one language."""

from dataclasses import dataclass, field
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from pipeline import schema
from pipeline.charts.svg import Leaf
from pipeline.errors import Problem, Problems, mistake, stop

FIGURES, BUILD = Path("figures"), Path("build")
NOT_FIGURES = ("__init__", "style")
SHARED = "shared"  # the folder of what the pages of all figures use


@dataclass(frozen=True)
class Figure:
    """One figure: the name it has everywhere, its module, its words.

    template: language → words with holes, as `figures/<id>.yml` has them
    """

    id: str
    path: Path
    module: ModuleType
    template: dict[str, dict[str, Any]]

    def problem(self, message: str, hint: str = "", near: str = "") -> Problem:
        """Name the line of the module that first holds `near`, or the file."""
        return at(self.path, message, hint, near)

    def wording(self, message: str, hint: str = "", near: str = "") -> Problem:
        """Name the line of the file of words that first holds `near`, or the file."""
        return at(self.path.with_suffix(".yml"), message, hint, near)


def at(path: Path, message: str, hint: str = "", near: str = "") -> Problem:
    """Name the line of a file that first holds `near`, or the file."""
    rows = path.read_text(encoding="utf-8").splitlines()
    line = next((i for i, row in enumerate(rows, 1) if near and near in row), 0)
    return Problem(str(path), line, "", message, hint)


@dataclass
class Picture:
    """A figure in one language on its way to the page.

    rows: pandas.DataFrame, exactly what is plotted
    words: its texts with all holes filled, its labels, and what travels with it
    shared: what stands on every picture, with holes: kicker and reading aid
    specs, marks, heights: what is drawn for each width, `wide` and `narrow`
    """

    figure: Figure
    lang: str
    rows: Any = None
    words: dict[str, Any] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)
    specs: dict[str, dict] = field(default_factory=dict)
    marks: dict[str, list[Leaf]] = field(default_factory=dict)
    heights: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.figure.id}/{self.lang}"


def load(path: Path) -> Figure:
    """Load a figure from its pair of files; Problems with the line that stops it from loading."""
    loader = SourceFileLoader(f"figures.{path.stem}", str(path))
    module = ModuleType(loader.name)
    try:
        loader.exec_module(module)
    except (Exception, SystemExit) as error:  # whatever a module raises, its author gets the line
        raise Problems(mistake(path, error)) from None
    for name in ("rows", "chart"):
        if not hasattr(module, name):
            expected = "expected rows(tables, facts) and chart(rows, words, look)"
            raise stop(path, f"no {name}, {expected}")
    template = schema.read(path.with_suffix(".yml"), "words of a figure")
    return Figure(path.stem.replace("_", "-"), path, module, template)


def discover(folder: Path) -> tuple[list[Figure], list[Problem]]:
    """Load every figure module of a folder, by name; return them, and all that stops others."""
    found: list[Figure] = []
    problems: list[Problem] = []
    for path in sorted(path for path in folder.glob("*.py") if path.stem not in NOT_FIGURES):
        try:
            found.append(load(path))
        except Problems as wrong:
            problems += wrong.problems
    return found, problems
