"""Remember what each step was made from, so that nothing runs twice for the same input.

Content decides, not time stamps: a checkout or a copy changes every date and no byte.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

BUILD = Path("build")
STATE = BUILD / "state"
BUILD_README = """# build/

Everything in this folder is made by `make render`, and `make clean` removes it.
Do not edit anything here; the next build overwrites it.
"""


def prepare() -> None:
    """Make the folder of generated files, with the page that says what it is."""
    STATE.mkdir(parents=True, exist_ok=True)
    readme = BUILD / "README.md"
    if not readme.exists():
        readme.write_text(BUILD_README, encoding="utf-8")


def files(*roots: str | Path) -> list[Path]:
    """List every file below the roots (a root may be a file), sorted, without caches."""
    found: list[Path] = []
    for root in map(Path, roots):
        below = [root] if root.is_file() else sorted(root.rglob("*")) if root.is_dir() else []
        found += [p for p in below if p.is_file() and "__pycache__" not in p.parts]
    return found


def digests(*roots: str | Path) -> dict[str, str]:
    """Hash every file at or below the roots: path → mark. A root that is not there has none."""
    return {str(path): _mark(path) for root in roots for path in _below(Path(root))}


@cache
def _below(root: Path) -> list[Path]:
    """List the files of a root, once until something was written."""
    return files(root)


@cache
def _mark(path: Path) -> str:
    """Hash a file's content, once until something was written."""
    return _content(path)


def _content(path: Path) -> str:
    """Hash a file's content; who reads it later tells that it is unreadable."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return f"unreadable: {error.errno}"


def look_again() -> None:
    """Forget what was listed and hashed, since files were written."""
    _below.cache_clear()
    _mark.cache_clear()


def recall(name: str) -> dict:
    """Read what is remembered under a name; an empty record if there is none or it is damaged."""
    try:
        return json.loads((STATE / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def knows(name: str, path: Path) -> bool:
    """Tell whether a step has seen to a file as it is now."""
    return recall(name).get("reads", {}).get(str(path)) == _content(path)


def forget(name: str) -> None:
    """Forget a step that is about to run: if it stops half-way, its products are of nothing."""
    (STATE / f"{name}.json").unlink(missing_ok=True)


def remember(name: str, **record: object) -> None:
    """Keep a record under a name, whole or not at all."""
    path = STATE / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(record, sort_keys=True), encoding="utf-8")
    part.replace(path)
