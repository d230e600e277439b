"""`_output/` is replaced whole or not at all; one build at a time; nothing runs twice for one
input."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from pipeline.errors import Problems
from pipeline.site import swap

ROOT = Path(__file__).parent.parent


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "build").mkdir()
    return tmp_path


def folder(path: Path, content: str) -> Path:
    path.mkdir(parents=True)
    (path / "report.html").write_text(content)
    return path


def test_a_finished_site_takes_the_place_of_the_old_one(project):
    old, new = folder(project / "_output", "old"), folder(project / "build/next", "new")
    swap.replace(new, old)
    assert (old / "report.html").read_text() == "new"
    assert not new.exists()


def test_without_the_system_call_two_renames_do_and_a_kill_between_them_is_mended(
    project, monkeypatch
):
    monkeypatch.setattr(swap, "_exchange", lambda *_: False)
    old, new = folder(project / "_output", "old"), folder(project / "build/next", "new")
    swap.replace(Path("build/next"), Path("_output"))
    assert (old / "report.html").read_text() == "new"
    old.rename("build/previous-_output")
    swap.recover(Path("_output"))
    assert (old / "report.html").read_text() == "new" and not new.exists()


def test_a_second_build_waits_for_the_first(project):
    code = f"""
        import sys, time; sys.path.insert(0, {str(ROOT)!r})
        from pipeline.site.swap import only_one
        with only_one(): print("held", flush=True); time.sleep(1.0)
    """
    first = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    )
    assert first.stdout.readline() == "held\n"
    said = []
    with swap.only_one(said.append):
        assert first.wait() == 0, "the first build had not ended when the second began"
    assert said == [f"another build is running (process {first.pid}); waiting for it to end"]


KILLED = """
import os, signal, sys
from pathlib import Path
from pipeline.site import swap
def kill():
    os.kill(os.getpid(), signal.SIGKILL)
def killing(work, moment):
    calls = []
    def watched(*arguments, **options):
        calls.append(work)
        if (work.__name__, len(calls), "before") == moment: kill()
        given = work(*arguments, **options)
        if (work.__name__, len(calls), "after") == moment: kill()
        return given
    return watched
one_call, moment = {one_call}, {moment}
exchange = swap._exchange if one_call else (lambda *paths: False)
exchange.__name__ = "exchange"
swap._exchange = killing(exchange, moment)
swap.os.rename = killing(os.rename, moment)
swap.shutil.rmtree = killing(swap.shutil.rmtree, moment)
swap.replace(Path("build/next"), Path("_output"))
"""
WITH = [
    ("exchange", 1, "before"),
    ("exchange", 1, "after"),
    ("rmtree", 1, "after"),
    ("rmtree", 2, "before"),
]
WITHOUT = [
    ("exchange", 1, "after"),
    ("rename", 1, "before"),
    ("rename", 1, "after"),
    ("rename", 2, "before"),
    ("rename", 2, "after"),
    ("rmtree", 2, "before"),
]


@pytest.mark.parametrize(
    ("one_call", "moment"), [*((True, m) for m in WITH), *((False, m) for m in WITHOUT)]
)
def test_a_kill_inside_the_exchange_is_mended_by_whatever_command_comes_next(
    project, one_call, moment
):
    folder(project / "_output", "old")
    folder(project / "build/next", "new")
    code = KILLED.format(one_call=one_call, moment=moment)
    told = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=project, env=told).returncode
        == -signal.SIGKILL
    )
    subprocess.run(
        [sys.executable, "-m", "pipeline", "check"], cwd=project, env=told, capture_output=True
    )
    assert (project / "_output/report.html").read_text() in ("old", "new")
    folder(project / "build/next2", "newest")
    swap.replace(Path("build/next2"), Path("_output"))
    assert (project / "_output/report.html").read_text() == "newest"
    assert not (project / "build/previous-_output").exists()


def test_a_second_build_may_refuse_to_wait(project, monkeypatch):
    monkeypatch.setenv(swap.NO_WAIT, "1")
    with (
        swap.only_one(),
        pytest.raises(Problems, match=r"another build is running \(process \d+\)"),
        swap.only_one(),
    ):
        pass
