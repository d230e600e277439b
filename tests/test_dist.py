"""A release is whole, says what it is to people and machines, can be checked, and is the same bytes
wherever it is made."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pikepdf
import pytest
import yaml
from page import ValidationProfile as Profile

from tests.conftest import ROOT, change, run_build
from tests.test_engines import breaks

pytestmark = [pytest.mark.slow, pytest.mark.git]
WORKFLOW = ROOT / ".github/workflows/publish.yml"


def git(folder: Path, *arguments: str) -> None:
    day = {f"GIT_{who}_DATE": "2026-11-26T00:00:00Z" for who in ("AUTHOR", "COMMITTER")}
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(
        ["git", *who, *arguments], cwd=folder, check=True, capture_output=True, env=os.environ | day
    )


@pytest.fixture(scope="module")
def committed(small, tmp_path_factory):
    """The project as its authors have it: committed, built from that commit, with a file beside it
    that git ignores."""
    folder = shutil.copytree(small, tmp_path_factory.mktemp("committed") / "project")
    (folder / ".gitignore").write_text(
        (ROOT / ".gitignore").read_text(encoding="utf-8") + ".env\n", encoding="utf-8"
    )
    (folder / ".env").write_text("PASSWORD=secret\n")
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Edition")
    done = run_build(folder, "pandoc")
    assert done.returncode == 0, done.stderr
    return folder


def make_dist(project: Path, **environment: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "pipeline.site.release"]
    return subprocess.run(
        command,
        cwd=project,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], **environment},
    )


@pytest.fixture(scope="module")
def released(committed, tmp_path_factory):
    """A copy of the committed project with its release in `dist/`."""
    folder = shutil.copytree(committed, tmp_path_factory.mktemp("release") / "project")
    done = make_dist(folder)
    assert done.returncode == 0, done.stderr
    assert re.search(
        r"dist: dist/[\w.-]+/ and dist/[\w.-]+\.zip, [\d.]+ MB, sha256 \w{64}", done.stdout
    )
    return folder


@pytest.fixture(scope="module")
def archive(released):
    return next((released / "dist").glob("*.zip"))


@pytest.fixture(scope="module")
def folder(archive):
    return archive.with_suffix("")


@pytest.fixture(scope="module")
def cff():
    return yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


def test_a_release_holds_the_site_its_source_its_citation_and_its_licences(folder, released, cff):
    assert folder.name == f"two-counts-{cff['version']}"
    names = {
        "CHANGELOG.md",
        "CITATION.cff",
        "LICENSE",
        "LICENSE-text-and-data.md",
        "SHA256SUMS",
    }
    names |= {"site", "source", f"{folder.name}.pdf"}
    assert {path.name for path in folder.iterdir()} == names
    for path in (released / "_output").rglob("*"):
        assert (
            path.is_dir()
            or (folder / "site" / path.relative_to(released / "_output")).read_bytes()
            == path.read_bytes()
        )
    for path in ("report.qmd", "data/claims.csv", "figures/style.py", "pipeline/site/release.py"):
        assert (folder / "source" / path).read_bytes() == (released / path).read_bytes()
    assert not [
        path
        for path in folder.rglob("*")
        if path.name in ("build", "_output", ".git", "__pycache__", ".env")
    ]


def test_the_pdf_for_archives_holds_the_report_with_its_tables(folder):
    kept = folder / f"{folder.name}.pdf"
    assert breaks(kept, (Profile.PDF_UA_1, Profile.PDF_A_3A)) == []
    with pikepdf.open(kept) as document, pikepdf.open(folder / "site/report.pdf") as plain:
        assert len(document.pages) == len(plain.pages)
        held = {name: spec.get_file().read_bytes() for name, spec in document.attachments.items()}
    tables = {path.name: path.read_bytes() for path in (folder / "site/data").glob("*.csv")}
    assert tables and tables.items() <= held.items()
    assert held["facts.json"] == (folder / "site/facts.json").read_bytes()


def test_the_checksums_cover_every_file(folder):
    listed = dict(
        reversed(line.split("  ", 1))
        for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    )
    files = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    assert listed == {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()
    }


def test_the_archive_is_the_folder_with_fixed_names_times_and_modes(archive, folder, cff):
    with zipfile.ZipFile(archive) as packed:
        assert packed.testzip() is None
        entries = packed.infolist()
        assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
        assert {entry.date_time for entry in entries} == {
            (*map(int, str(cff["date-released"]).split("-")), 0, 0, 0)
        }
        assert {entry.external_attr >> 16 for entry in entries} <= {
            stat.S_IFREG | 0o644,
            stat.S_IFREG | 0o755,
        }
        held = {entry.filename: packed.read(entry) for entry in entries}
    assert held == {
        f"{folder.name}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_made_elsewhere_it_is_the_same_bytes(committed, archive, tmp_path):
    other = shutil.copytree(committed, tmp_path / "another place")
    old = (other / "CITATION.cff").stat()
    for path in other.rglob("*"):
        path.touch()
    assert (other / "CITATION.cff").stat().st_mtime_ns != old.st_mtime_ns
    done = make_dist(other, PYTHONHASHSEED="9", TZ="Asia/Tokyo", LC_ALL="C")
    assert done.returncode == 0, done.stderr
    assert (other / "dist" / archive.name).read_bytes() == archive.read_bytes()


def run(folder: Path, *command: str) -> subprocess.CompletedProcess:
    """Run Python in a folder, outside git."""
    return subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_source_of_a_release_knows_its_commit_and_whether_a_file_was_changed(folder, tmp_path):
    source = shutil.copytree(folder / "source", tmp_path / "source")
    released = json.loads((folder / "site/manifest.json").read_text(encoding="utf-8"))["commit"]
    ask = ("-c", "from pipeline import report; print(report.commit())")
    assert released and run(source, *ask).stdout.strip() == released
    with (source / "report.qmd").open("a", encoding="utf-8") as prose:
        prose.write("A sentence of somebody else.\n")
    assert run(source, *ask).stdout.strip() == f"{released}+changes"


def test_whoever_builds_it_again_is_told_which_files_differ_and_why(folder, released, tmp_path):
    other = shutil.copytree(folder / "site", tmp_path / "site")
    compare = ("-m", "tools.compare", str(other))
    same = run(released, *compare)
    assert same.returncode == 0 and "files are the same, byte for byte, and none" in same.stdout
    listed = run(released, *compare[:2], str(other / "manifest.json"))
    assert listed.stdout == same.stdout

    (other / "report.pdf").write_bytes(b"another")
    (other / "facts.json").unlink()
    (other / "new.csv").touch()
    record = other / "manifest.json"
    change(record, '"name": "pandoc"', '"name": "quarto"')
    told = run(released, *compare)
    assert told.returncode == 1 and "and 3 differ" in told.stdout
    assert told.stderr.splitlines()[:3] == [
        "facts.json: is missing there",
        "new.csv: is missing here",
        "report.pdf: differs",
    ]
    assert "engine: got name pandoc" in told.stderr and "ENGINE=quarto" in told.stderr
    nothing = run(released, *compare[:2], str(tmp_path))
    assert nothing.returncode == 1 and "got no manifest.json, expected" in nothing.stderr


def test_what_does_not_agree_stops_the_release_all_at_once(committed, tmp_path):
    copy = shutil.copytree(committed, tmp_path / "project")
    (copy / "notes.txt").write_text("private\n")
    (copy / "CHANGELOG.md").write_text("# Changes\n")
    (copy / "CITATION.cff").write_text(
        re.sub(r'version: "[\d.]+"', 'version: "9.9.9"', (copy / "CITATION.cff").read_text())
    )
    (copy / "_output/report.html").write_text("changed by hand")
    done = make_dist(copy)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    told = [line.split(":")[0] for line in done.stderr.splitlines()]
    assert told == [
        "CHANGELOG.md",
        "CITATION.cff",
        "notes.txt",
        "_output",
        "CITATION.cff",
        "CHANGELOG.md",
        "dist",
    ]
    assert 'version: got "9.9.9", expected "' in done.stderr and not (copy / "dist").exists()


def test_nothing_is_released_from_a_tree_without_a_commit(small, tmp_path):
    copy = shutil.copytree(small, tmp_path / "unpacked")
    git(tmp_path, "init", "--quiet")  # a checkout around it is not its own
    done = make_dist(copy)
    assert (
        done.returncode == 1
        and ".git: got no commit of this tree, expected a git checkout" in done.stderr
    )
    assert not (copy / "dist").exists()


@pytest.mark.parametrize(
    "path", sorted((ROOT / ".github/workflows").glob("*.yml")), ids=lambda path: path.name
)
def test_a_workflow_pins_every_action_and_may_do_no_more_than_it_must(path):
    flow = yaml.safe_load(path.read_text(encoding="utf-8"))
    steps = [step for job in flow["jobs"].values() for step in job["steps"]]
    used = [step["uses"] for step in steps if "uses" in step]
    assert used and all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name) for name in used)
    assert flow["permissions"] == {"contents": "read"}
    assert all("timeout-minutes" in job for job in flow["jobs"].values())
    assert not [step["run"] for step in steps if "${{" in step.get("run", "")], (
        "what comes from outside is no code"
    )


@pytest.mark.parametrize(
    "path", sorted((ROOT / ".github/workflows").glob("*.yml")), ids=lambda path: path.name
)
def test_a_workflow_takes_the_pinned_quarto_from_the_lock_file(path):
    flow = yaml.safe_load(path.read_text(encoding="utf-8"))
    commands = [
        step["run"] for job in flow["jobs"].values() for step in job["steps"] if "run" in step
    ]
    read = next(command for command in commands if "requirements/quarto.lock" in command)
    found = subprocess.run(
        ["bash", "-c", read.replace('>> "$GITHUB_OUTPUT"', "")],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    pinned = re.search(
        r"==([\d.]+)", (ROOT / "requirements/quarto.lock").read_text(encoding="utf-8")
    )
    assert pinned[1] in found.stdout and found.stdout.startswith("quarto")


def test_the_readmes_commands_are_tried_on_each_kind_of_machine_that_it_names():
    flow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))
    kinds = flow["jobs"]["test"]["strategy"]["matrix"]
    assert {name.split("-")[0] for name in kinds["os"]} == {"ubuntu", "macos"} and "3.11" in kinds[
        "python"
    ]
    commands = [step["run"] for step in flow["jobs"]["test"]["steps"] if "run" in step]
    assert commands == ["make render", "make test"]


def test_contributing_names_every_column_of_the_log_of_corrections():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    with (ROOT / "data/corrections.csv").open(encoding="utf-8", newline="") as handle:
        header = next(csv.reader(handle))
    assert not [name for name in header if f"`{name}`" not in text]


PUBLISH = """
version() {
  rm -rf release made; mkdir -p release "made/two-counts-$1/site"
  echo "{\\"version\\": \\"$1\\"}" > "made/two-counts-$1/site/manifest.json"
  echo "$2" > "made/two-counts-$1/site/report.html"
  (cd made && python3 -m zipfile -c "../release/two-counts-$1.zip" *)
  git worktree remove --force pages 2>/dev/null || true; git branch -D gh-pages 2>/dev/null || true
  TAG=v$1 bash -euo pipefail ../step.sh
}
"""


def test_publishing_keeps_earlier_versions_and_never_changes_one(tmp_path):
    step = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]["publish"]["steps"][-1][
        "run"
    ]
    # The runner has unzip; a machine without it has Python.
    (tmp_path / "step.sh").write_text(
        step.replace(
            "unzip -q release/*.zip -d release", "python3 -m zipfile -e release/*.zip release"
        )
    )
    work = tmp_path / "work"

    def run(script: str, where: Path = work) -> subprocess.CompletedProcess:
        command = ["bash", "-c", PUBLISH + script]
        return subprocess.run(command, cwd=where, capture_output=True, text=True)

    begin = (
        "git init -q --bare remote.git",
        "git init -q work",
        "cd work",
        "git config user.name a",
        "git config user.email a@b",
        "touch x",
        "git add .",
        "git commit -qm x",
        f"git remote add origin {tmp_path}/remote.git",
    )
    first = run(" && ".join(begin), tmp_path)
    assert first.returncode == 0, first.stderr
    for number, content in (("1.0.0", "one"), ("1.2.0", "two"), ("1.1.0", "late")):
        done = run(f"version {number} {content}")
        assert done.returncode == 0, done.stdout + done.stderr
    again = run("version 1.0.0 other")
    assert again.returncode == 1 and "published already" in again.stdout

    def show(name: str) -> str:
        command = ["git", "--git-dir", tmp_path / "remote.git", "show", f"gh-pages:{name}"]
        return subprocess.run(command, capture_output=True, text=True).stdout

    assert [
        show(f"{name}/report.html").strip() for name in ("1.0.0", "1.1.0", "1.2.0", "latest")
    ] == ["one", "late", "two", "two"]
    assert 'url=latest/"' in show("index.html") and "latest/versions.html" in show("index.html")
