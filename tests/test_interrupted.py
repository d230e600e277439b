"""Whatever stops a build, the last good `_output/` is still there, and the next build is right."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.site import manifest
from tests.conftest import change

pytestmark = pytest.mark.slow
BUILD = [sys.executable, "-m", "pipeline", "render", "--engine", "pandoc"]


def edit(workshop: Path, number: int) -> None:
    """Change a sentence, so that there is something to build."""
    page = workshop / "report.qmd"
    page.write_text(
        page.read_text(encoding="utf-8").replace(
            "## Methods", f"A sentence that changes, {'x' * number}.\n\n## Methods", 1
        ),
        encoding="utf-8",
    )


MOMENTS = ("facts", "documents", "site")


def killed(workshop: Path, step: str, after: float) -> None:
    """Build, and kill the build some seconds after it said that a step runs."""
    build = subprocess.Popen(
        BUILD,
        cwd=workshop,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    said = b""
    while f"\n{step} ".encode() not in said:
        said += (more := os.read(build.stdout.fileno(), 1000))
        assert more, said.decode()
    time.sleep(after)
    os.killpg(build.pid, signal.SIGKILL)
    build.communicate()


def test_a_build_killed_at_any_moment_leaves_the_last_good_site_whole(workshop):
    """One step further each time; the moments of the exchange are in test_whole_or_not.py."""
    chance = random.Random(20240728)
    edit(workshop, 3)
    change(workshop / "figures/toll.yml", "People arrested or held", "Humans arrested or held")
    for step in MOMENTS:
        killed(workshop, step, chance.uniform(0, 0.1))
        assert manifest.intact(workshop / "_output"), f"killed at {step}, it left a damaged site"
    done = subprocess.run(BUILD, cwd=workshop, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert manifest.intact(workshop / "_output")
    page = (workshop / "_output/report.html").read_text(encoding="utf-8")
    assert "x" * 3 in page and "Humans arrested or held" in page


def test_two_builds_at_once_wait_for_each_other_and_the_second_has_nothing_to_do(workshop):
    edit(workshop, 20)
    builds = [
        subprocess.Popen(
            BUILD, cwd=workshop, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for _ in range(2)
    ]
    said = [build.communicate()[0] for build in builds]
    assert [build.returncode for build in builds] == [0, 0], said
    assert sum("another build is running" in text for text in said) == 1
    assert sum("nothing to do" in text for text in said) == 1
    assert manifest.intact(workshop / "_output")


def test_a_wrong_table_stops_the_build_with_file_line_and_column_before_the_site_is_touched(
    workshop,
):
    before = (workshop / "_output/manifest.json").read_bytes()
    table = workshop / "data/claims.csv"
    good = table.read_text(encoding="utf-8")
    line = next(
        i
        for i, row in enumerate(good.splitlines(), 1)
        if row.startswith("council.first.maduro.share,")
    )
    table.write_text(
        good.replace("share of valid votes,51.20,", 'share of valid votes,"51,20",', 1),
        encoding="utf-8",
    )
    done = subprocess.run(BUILD, cwd=workshop, capture_output=True, text=True)
    table.write_text(good, encoding="utf-8")
    assert done.returncode == 1
    assert f'data/claims.csv:{line}: value: got "51,20", expected a number' in done.stderr
    assert "Traceback" not in done.stderr
    assert (workshop / "_output/manifest.json").read_bytes() == before


def test_an_unknown_fact_stops_the_build_with_its_line(workshop):
    page = workshop / "report.qmd"
    good = page.read_text(encoding="utf-8")
    page.write_text(
        good.replace("council.first.maduro.votes", "council.frist.maduro.votes", 1),
        encoding="utf-8",
    )
    done = subprocess.run(BUILD, cwd=workshop, capture_output=True, text=True)
    page.write_text(good, encoding="utf-8")
    assert done.returncode == 1
    assert (
        'no fact "council.frist.maduro.votes"; did you mean council.first.maduro.votes'
        in done.stderr
    )
    assert "report.qmd:" in done.stderr and "Traceback" not in done.stderr
    assert manifest.intact(workshop / "_output")


def test_a_site_that_somebody_damaged_is_built_again(workshop):
    subprocess.run(BUILD, cwd=workshop, check=True, capture_output=True)
    (workshop / "_output/report.pdf").unlink()
    done = subprocess.run(BUILD, cwd=workshop, capture_output=True, text=True)
    assert done.returncode == 0 and manifest.intact(workshop / "_output")
