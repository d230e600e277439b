"""What a newcomer meets first: `make`, the README, and errors of the machine told as such."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import html

from pipeline.site.swap import OUTPUT

ROOT = Path(__file__).parent.parent


MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\.PHONY: (\w+)$", MAKEFILE, re.MULTILINE)
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "LICENSE-text-and-data.md",
    "data/README.md",
    "docs/design.md",
    "docs/own-figure.md",
    "docs/rebuild.md",
    *(f".github/{path.name}" for path in (ROOT / ".github").glob("*.md")),
)


def test_make_alone_lists_every_command_with_what_it_does():
    told = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True).stdout
    listed = re.findall(r"^  make (\w+) +\S", told, re.MULTILINE)
    assert listed == [name for name in COMMANDS if name != "help"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_for_people_names_only_commands_that_exist(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(r"(?:`|^ *)make ([a-z]+\b)((?: [A-Z]+=)?)", text, re.MULTILINE)
    assert {name for name, _ in named} <= set(COMMANDS)
    settings = {setting.strip(" =") for _, setting in named if setting}
    assert all(f"$({setting})" in MAKEFILE for setting in settings)


@pytest.mark.slow
def test_the_readme_shows_a_figure_as_it_is_drawn_today(project):
    drawn = (project / "_output/figures/two-counts/two-counts.svg").read_bytes()
    assert (ROOT / "docs/two-counts.svg").read_bytes() == drawn, "run `make accept`"


@pytest.mark.parametrize("page", PAGES)
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
def test_how_to_rebuild_it_is_a_page_with_every_command_and_what_it_answers(site):
    page = html.parse(str(site / "rebuild/index.html")).getroot()
    assert page.findtext(".//h1") == "Rebuild it, check it"
    typed = "\n".join(block.text_content() for block in page.iter("pre")).splitlines()
    source = (ROOT / "docs/rebuild.md").read_text(encoding="utf-8")
    assert set(typed) >= {line.strip() for line in re.findall(r"^ +(make .+)$", source, re.M)}
    answers = [part.text for part in page.iter("code") if part.text.startswith("render: ")]
    assert answers == [f"render: {OUTPUT}/report.html and {OUTPUT}/report.pdf"]


@pytest.mark.slow
def test_the_codebook_is_a_page_beside_the_tables(site):
    page = (site / "data/index.html").read_text(encoding="utf-8")
    assert "<title>The tables and how they were coded</title>" in page
    assert all(
        (site / "data" / name).exists()
        for name in re.findall(r'href="([\w.]+\.(?:csv|json))"', page)
    )
