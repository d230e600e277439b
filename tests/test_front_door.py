"""What a newcomer meets first: `make`, the README, and errors of the machine told as such."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def test_make_alone_lists_every_command_with_what_it_does():
    told = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True).stdout
    public = re.findall(
        r"^\.PHONY: (\w+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert all(
        re.search(rf"^  make {name} +\S", told, re.MULTILINE) for name in public if name != "help"
    )


def test_the_readme_names_only_commands_that_exist():
    public = set(
        re.findall(
            r"^\.PHONY: (\w+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    pages = "".join(
        (ROOT / name).read_text(encoding="utf-8")
        for name in ("README.md", "CONTRIBUTING.md", "data/README.md")
    )
    assert (
        set(re.findall(r"`make (\w+)", pages))
        | set(re.findall(r"^make (\w+)", pages, re.MULTILINE))
        <= public
    )


@pytest.mark.slow
def test_the_readme_shows_a_figure_as_it_is_drawn_today(project):
    drawn = (project / "_output/figures/two-counts/two-counts.svg").read_bytes()
    assert (ROOT / "docs/two-counts.svg").read_bytes() == drawn, "run `make accept`"


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", "data/README.md", "LICENSE-text-and-data.md"]
)
def test_links_between_pages_of_the_repository_have_a_file(page):
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / page).read_text(encoding="utf-8"))
    assert all(((ROOT / page).parent / target).exists() for target in targets)


@pytest.mark.slow
def test_a_wrong_table_ends_make_check_with_status_one(small, tmp_path):
    import shutil

    folder = tmp_path / "project"
    shutil.copytree(small, folder, ignore=shutil.ignore_patterns("_output", "build"))
    (folder / "data/claims.csv").write_bytes(b"\xff\xfe")
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "check"], cwd=folder, capture_output=True, text=True
    )
    assert (
        done.returncode == 1
        and "data/claims.csv:1: " in done.stderr
        and "Traceback" not in done.stderr
    )


@pytest.mark.slow
def test_the_codebook_is_a_page_beside_the_tables(site):
    page = (site / "data/index.html").read_text(encoding="utf-8")
    assert "<title>The tables and how they were coded</title>" in page
    assert all(
        (site / "data" / name).exists()
        for name in re.findall(r'href="([\w.]+\.(?:csv|json))"', page)
    )
