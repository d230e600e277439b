"""Make a release: one folder and one archive of it, which can be cited, checked and kept.

dist/<name>-<version>/ holds the site as built, the source it was built from, its citation for
people, for Zenodo and as an RO-Crate, what changed, the licences and the checksums. The same inputs
give the same bytes. Run as `python -m pipeline.site.release`, after `make render`.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import stat
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pipeline import edition, reading
from pipeline.errors import Problem, Problems, stop, told
from pipeline.pages.record import CITATION, Report, load_report
from pipeline.site import manifest, swap

DIST, NEXT = Path("dist"), Path("build/dist")
CHANGES = Path("CHANGELOG.md")
TOP = (CITATION, CHANGES, Path("LICENSE"), Path("LICENSE-text-and-data.md"))
SUMS = "SHA256SUMS"
KINDS = {
    "dataset": "dataset",
    "software": "software",
}  # type in CITATION.cff → upload type at Zenodo
TYPES = {
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".csv": "text/csv",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
NOTE = (
    "Code: MIT. Text, figures and data: CC BY 4.0. Please credit the producers of the data as "
    "well; data/sources.csv names them."
)


def release(dist: Path = DIST) -> Path:
    """Write the release folder and its archive; return the archive. Raise all that keeps this tree
    from being released."""
    report, cff = load_report(), reading.from_yaml(CITATION)
    problems = list(obstacles(report, cff))
    if problems:
        raise Problems(*problems)
    name = f"{report.name}-{report.version}"
    swap.recover(dist / name)
    shutil.rmtree(NEXT, ignore_errors=True)
    shutil.copytree(swap.OUTPUT, NEXT / "site", copy_function=shutil.copyfile)
    for path in sources():
        (NEXT / "source" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, NEXT / "source" / path)
    for path in TOP:
        shutil.copyfile(path, NEXT / path.name)
    _write(NEXT / ".zenodo.json", zenodo(report, cff))
    _write(NEXT / "ro-crate-metadata.json", crate(report, cff, NEXT))
    (NEXT / SUMS).write_text(sums(NEXT), encoding="utf-8")
    dist.mkdir(exist_ok=True)
    archive = pack(NEXT, dist / f"{name}.zip", name, report.date)
    swap.replace(NEXT, dist / name)
    return archive


def obstacles(report: Report, cff: dict) -> Iterator[Problem]:
    """Find what must agree before anything is released: the tree, the site, the citation and the
    log of changes."""
    if not manifest.git("rev-parse", "HEAD"):
        hint = "release from a clone, with git on the PATH"
        yield Problem(
            ".git", message="got no commit of this tree, expected a git checkout", hint=hint
        )
    for row in manifest.git("status", "--porcelain").splitlines():
        hint = "commit it, ignore it or move it away"
        yield Problem(
            row[3:],
            message="got a file that differs from the commit, expected a clean tree",
            hint=hint,
        )
    if not manifest.intact(swap.OUTPUT):
        yield Problem(
            str(swap.OUTPUT),
            message="no whole site here, or files in it were changed by hand",
            hint="run `make render`",
        )
    else:
        built = json.loads((swap.OUTPUT / "manifest.json").read_text(encoding="utf-8"))
        for key, expected in (
            ("version", report.version),
            ("date", report.date),
            ("commit", manifest.commit()),
        ):
            if built[key] != expected:
                told = f'got {key} "{built[key]}", expected "{expected}"'
                yield Problem(str(swap.OUTPUT), message=told, hint="run `make render`")
    for key, expected in (("version", report.version), ("date-released", report.date)):
        if str(cff.get(key)) != expected:
            yield Problem(
                str(CITATION),
                column=key,
                message=f'got "{cff.get(key)}", expected "{expected}", as in {edition.CONTRACT}',
            )
    if not re.search(rf"^## {re.escape(report.version)}\b", reading.text(CHANGES), re.M):
        yield Problem(
            str(CHANGES),
            message=f'no heading "## {report.version}"',
            hint="say what changed in this version",
        )


def sources() -> list[Path]:
    """List the files of the source: what the commit holds, and nothing that merely lies there."""
    return [Path(name) for name in manifest.git("ls-files", "-z").split("\0") if name]


def zenodo(report: Report, cff: dict) -> dict:
    """The record that Zenodo reads from a release, made from CITATION.cff so that it is said
    once."""
    record = {
        "title": report.title,
        "description": cff["abstract"],
        "upload_type": KINDS.get(cff.get("type", ""), "other"),
        "creators": [{"name": name} for name in report.authors],
        "version": report.version,
        "publication_date": report.date,
        "access_right": "open",
        "license": "cc-by-4.0",
        "language": "eng",
        "keywords": list(report.keywords),
        "notes": NOTE,
    }
    if report.base:
        record["related_identifiers"] = [
            {"identifier": report.address(""), "relation": "isIdenticalTo"}
        ]
    return record


def crate(report: Report, cff: dict, folder: Path) -> dict:
    """Describe the release as an RO-Crate: the report, the facts, the tables, and each figure with
    its data."""
    try:
        from rocrate.rocrate import ROCrate
    except ImportError:
        raise stop(
            "make dist",
            "the package rocrate is not installed",
            hint="run `make dist`, which sets it up",
        ) from None

    made = ROCrate(gen_preview=False)
    made.name, made.description, made.license = report.title, cff["abstract"], report.licence_url
    made.datePublished = date.fromisoformat(report.date)  # it would be today
    made.root_dataset["version"], made.root_dataset["keywords"] = (
        report.version,
        list(report.keywords),
    )
    made.root_dataset["author"] = [
        {"@id": f"#{name.lower().replace(' ', '-')}"} for name in report.authors
    ]
    for name in report.authors:
        made.add_jsonld(
            {"@id": f"#{name.lower().replace(' ', '-')}", "@type": "Organization", "name": name}
        )
    titles = {
        figure["id"]: figure["title"]
        for figure in json.loads((folder / "site/figures/index.json").read_text(encoding="utf-8"))[
            "figures"
        ]
    }
    told = [
        path
        for path in sorted(folder.glob("site/*.*")) + sorted(folder.glob("site/data/*.*"))
        if path.suffix in TYPES
    ]
    told += [
        folder / f"site/figures/{key}/{key}.{end}"
        for key in titles
        for end in ("svg", "png", "pdf", "csv")
    ]
    for path in told:
        about = {
            "name": titles.get(path.stem, path.name),
            "encodingFormat": TYPES[path.suffix],
            "contentSize": str(path.stat().st_size),
        }
        made.add_file(path, path.relative_to(folder).as_posix(), properties=about)
    return made.metadata.generate()


def sums(folder: Path) -> str:
    """The checksums of all files, as `sha256sum --check` reads them."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in paths
    )


def pack(folder: Path, archive: Path, top: str, day: str) -> Path:
    """Write a folder as a zip whose bytes depend on nothing but names and contents."""
    part = archive.with_suffix(".part")
    year, month, number = map(int, day.split("-"))
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(
                f"{top}/{path.relative_to(folder).as_posix()}", (year, month, number, 0, 0, 0)
            )
            entry.create_system, entry.compress_type = 3, zipfile.ZIP_DEFLATED
            runs = path.stat().st_mode & stat.S_IXUSR
            entry.external_attr = (stat.S_IFREG | (0o755 if runs else 0o644)) << 16
            packed.writestr(entry, path.read_bytes())
    return part.replace(archive)


def _write(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Make the release and say where it is."""
    archive = release()
    content = archive.read_bytes()
    print(
        f"dist: {archive.with_suffix('')}/ and {archive}, {len(content) / 1e6:.1f} MB, sha256 "
        f"{hashlib.sha256(content).hexdigest()}"
    )


if __name__ == "__main__":
    sys.exit(told("dist", main))
