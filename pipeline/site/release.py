"""Make a release: one folder and one archive of it, which can be cited, checked and kept.

dist/<name>-<version>/ holds the site as built, the report with its tables in one PDF for archives,
the source it was built from, its citation, what changed, the licences and the checksums. The same
inputs give the same bytes. Run as `python -m pipeline.site.release`, after `make render`.
"""

import hashlib
import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from pipeline import fresh, reading, report
from pipeline.errors import Problem, Problems, told
from pipeline.report import CITATION, Report
from pipeline.site import assemble, manifest, pdf, swap

DIST, NEXT = Path("dist"), Path("build/dist")
CHANGES = Path("CHANGELOG.md")
TOP = (CITATION, CHANGES, Path("LICENSE"), Path("LICENSE-text-and-data.md"))
SUMS = "SHA256SUMS"  # as `sha256sum --check` reads it


def release(dist: Path = DIST) -> Path:
    """Write the release folder and return its archive; Problems tell all that keeps from it."""
    work = report.read(report.commit())
    problems = [*of_tree(), *of_site(work), *of_citation(work)]
    if problems:
        raise Problems(*problems)
    name = f"{work.name}-{work.version}"
    swap.recover(dist / name)
    shutil.rmtree(NEXT, ignore_errors=True)
    shutil.copytree(swap.OUTPUT, NEXT / "site", copy_function=shutil.copyfile)
    pdf.keep(NEXT / "site/report.pdf", kept(NEXT / "site"), NEXT / f"{name}.pdf", work)
    for path in sources():
        (NEXT / "source" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, NEXT / "source" / path)
    note = {"commit": work.commit, "files": fresh.digests(*sources())}
    (NEXT / "source" / report.RELEASED).write_text(json.dumps(note, indent=1) + "\n")
    for path in TOP:
        shutil.copyfile(path, NEXT / path.name)
    sums = (f"{digest}  {name}\n" for name, digest in manifest.digests(NEXT).items())
    (NEXT / SUMS).write_text("".join(sums), encoding="utf-8")
    dist.mkdir(exist_ok=True)
    packed = assemble.pack(NEXT, dist / f"{name}.zip", name, work)
    swap.replace(NEXT, dist / name)
    return packed


def kept(site: Path) -> list[Path]:
    """List what the report's PDF holds where it is to be kept for good: tables and all numbers."""
    return [
        *sorted((site / "data").glob("*.csv")),
        site / "data/datapackage.json",
        site / "facts.json",
    ]


def of_tree() -> Iterator[Problem]:
    """Find what is no commit, or differs from it."""
    if not report.git("rev-parse", "HEAD"):
        message = "got no commit of this tree, expected a git checkout"
        yield Problem(".git", 0, "", message, "release from a clone, with git on the PATH")
    for row in report.git("status", "--porcelain").splitlines():
        message = "got a file that differs from the commit, expected a clean tree"
        yield Problem(row[3:], 0, "", message, "commit it, ignore it or move it away")


def of_site(work: Report) -> Iterator[Problem]:
    """Find what the site is not: whole, and of this version, date and commit."""
    place, hint = str(swap.OUTPUT), "run `make render`"
    if not manifest.intact(swap.OUTPUT):
        message = "no whole site here, or files in it were changed by hand"
        yield Problem(place, 0, "", message, hint)
        return
    built = manifest.read(swap.OUTPUT)
    for key in ("version", "date", "commit"):
        if built[key] != getattr(work, key):
            message = f'got {key} "{built[key]}", expected "{getattr(work, key)}"'
            yield Problem(place, 0, "", message, hint)


def of_citation(work: Report) -> Iterator[Problem]:
    """Find where the citation and the log of changes do not name this version and date."""
    cff = reading.from_yaml(CITATION)
    for key, expected in (("version", work.version), ("date-released", work.date)):
        if str(cff.get(key)) != expected:
            message = f'got "{cff.get(key)}", expected "{expected}", as in data/datapackage.json'
            yield Problem(str(CITATION), 0, key, message)
    if not re.search(rf"^## {re.escape(work.version)}\b", reading.text(CHANGES), re.M):
        message, hint = f'no heading "## {work.version}"', "say what changed in this version"
        yield Problem(str(CHANGES), 0, "", message, hint)


def sources() -> list[Path]:
    """List the files of the source: what the commit holds, and nothing that merely lies there."""
    return [Path(name) for name in report.git("ls-files", "-z").split("\0") if name]


def main() -> None:
    """Make the release and say where it is."""
    packed = release()
    content = packed.read_bytes()
    print(
        f"dist: {packed.with_suffix('')}/ and {packed}, {len(content) / 1e6:.1f} MB, sha256 "
        f"{hashlib.sha256(content).hexdigest()}"
    )


if __name__ == "__main__":
    sys.exit(told("dist", main))
