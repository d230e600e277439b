"""The drawing engine: a chart becomes a Vega-Lite specification, the specification a drawing, drawings are kept.

A drawing is kept by the hash of its specification, the fonts and the engine's version, so that what is unchanged
is not drawn again: starting the engine takes half a second, a chart a tenth of that.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline import fonts
from pipeline.say import Say

CACHE = Path("build/cache")


def plain(rows: Any) -> Any:
    """Turn exact numbers into floats that JSON and CSV can hold; integers and texts stay."""
    exact = lambda value: round(float(value), 6) if isinstance(value, Decimal | Fraction) else value  # noqa: E731
    return rows.map(exact).reset_index(drop=True)


def specification(chart: Any, say: Say) -> dict:
    """Write a chart as Vega-Lite at its width, in the house style, spoken labels only where a figure gives them."""
    from figures import style

    spec = {"width": say.width} | chart.to_dict()
    # The engine measures a family with a digit in its name about a third too wide: let it lay out nothing by itself.
    spec |= {"config": style.config(say.narrow, say.lang), "autosize": "none"}
    _speak(spec)
    return spec


def _speak(part: Any) -> None:
    """Let marks with a description be heard and hovered, and all others be silent."""
    if isinstance(part, list):
        for item in part:
            _speak(item)
    if not isinstance(part, dict):
        return
    if "mark" in part:
        mark = part["mark"] if isinstance(part["mark"], dict) else {"type": part["mark"]}
        spoken = part.get("encoding", {}).get("description")
        part["mark"] = mark | {"aria": bool(spoken)}
        if spoken:
            part["encoding"].setdefault("tooltip", spoken)
    for key in ("layer", "hconcat", "vconcat", "concat"):
        _speak(part.get(key))


class Engine:
    """The drawing engine, started only for charts that are not in the cache; it notes which drawing is for whom."""

    def __init__(self, cache: Path = CACHE):
        self.cache, self.used, self.started = cache, {}, None
        packing = Path(__file__).with_name("frame.py").read_text(encoding="utf-8")
        self.key = "\n".join([fonts.made_from(), version("vl-convert-python"), version("pillow"), packing])
        cache.mkdir(parents=True, exist_ok=True)

    def svg(self, spec: dict, who: str = "") -> str:
        """Draw a specification; ValueError if the engine cannot."""
        return self.kept(json.dumps(spec, sort_keys=True), "svg", lambda vl: vl.vegalite_to_svg(spec).encode(), who).decode()

    def png(self, drawing: str, packed: Callable[[bytes], bytes], who: str = "") -> bytes:
        """Make a bitmap of twice the size from an SVG, and pack it."""
        return self.kept(drawing, "png", lambda vl: packed(vl.svg_to_png(drawing, scale=2)), who)

    def kept(self, source: str, kind: str, make: Callable[[Any], bytes], who: str) -> bytes:
        """Return what was made from this source before, or make and keep it."""
        path = self.cache / f"{hashlib.sha256((self.key + source).encode()).hexdigest()[:32]}.{kind}"
        self.used.setdefault(who, set()).add(path)
        if not path.exists():
            part = path.with_suffix(".part")
            part.write_bytes(make(self.start()))
            part.replace(path)
        return path.read_bytes()

    def used_for(self, who: str) -> set[Path]:
        """List the drawings that were made or found for somebody."""
        return self.used.get(who, set())

    def start(self) -> Any:
        """Start the engine once, in universal time: dates slip by a day west of Greenwich."""
        if self.started is None:
            os.environ["TZ"] = "UTC"
            time.tzset()
            import vl_convert

            vl_convert.register_font_directory(str(fonts.FOLDER))
            self.started = vl_convert
        return self.started

    def forget(self, names: set[str]) -> None:
        """Drop from the cache whatever is not named."""
        for path in self.cache.iterdir():
            if path.name not in names:
                path.unlink()
