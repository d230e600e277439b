"""The set-up cannot break: what was there stays, and the next command mends the rest."""

from __future__ import annotations

import ast
import hashlib
import http.server
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.processes import running
from tools import environment

SCRIPT = ROOT / "tools/environment.py"
OURS = ("pipeline", "analysis", "figures", "tools", "tests")


# Most of a set-up's time goes into a pip for the new environment; here ours works for it.
FAST = """
import importlib.util, os, signal, sys
sys.path.insert(0, "tools")
import environment as e
e.VENV = ["-m", "venv", "--without-pip"]
own = e.pip
ours = lambda folder: [e.python(folder), os.path.dirname(importlib.util.find_spec("pip").origin)]
e.pip = lambda folder, lock: [*ours(folder), *own(folder, lock)[4:]]
"""
# And where it is not what a test is about, a line that leaves the package does for it.
WITHOUT_PIP = """
work = "import site; open(site.getsitepackages()[0] + '/tiny.py', 'w')"
real = e.pip
e.pip = lambda folder, lock: (
    real(folder, lock) if lock == "quarto" else [e.python(folder), "-c", work])
"""


def set_up(
    folder: Path, *arguments: str, before: str = "", **environment: str
) -> subprocess.CompletedProcess:
    """Run the set-up as the Makefile does, without this machine's Quarto; `before` changes it."""
    clean = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "PIP_CONFIG_FILE": os.devnull,
        **environment,
    }
    command = [
        sys.executable,
        "-c",
        f"{FAST}\n{before}\nsys.exit(e.command(sys.argv[1:]))",
        *arguments,
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=clean)


@pytest.fixture
def workshop(tmp_path):
    """A project whose only package is tiny: (folder, environment that lets pip find it)."""
    folder, wheels = tmp_path / "project", tmp_path / "wheels"
    (folder / "requirements").mkdir(parents=True)
    (folder / "tools").mkdir()
    wheels.mkdir()
    shutil.copy(SCRIPT, folder / "tools")
    package = wheel(wheels)
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    for lock in ("render", "test", "quarto-build", "quarto"):
        (folder / f"requirements/{lock}.lock").write_text("")
    (folder / "requirements/render.lock").write_text(f"tiny==1.0 --hash=sha256:{digest}\n")
    return folder, {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}


def wheel(folder: Path) -> Path:
    """Write a wheel that holds one empty module."""
    path = folder / "tiny-1.0-py3-none-any.whl"
    about = "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("tiny.py", "")
        packed.writestr("tiny-1.0.dist-info/METADATA", about)
        packed.writestr(
            "tiny-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        packed.writestr("tiny-1.0.dist-info/RECORD", "")
    return path


def works(folder: Path) -> bool:
    """Tell whether the environment runs and holds its package."""
    done = subprocess.run([folder / ".venv/bin/python", "-c", "import tiny"], capture_output=True)
    return done.returncode == 0


@pytest.mark.parametrize("folder", OURS)
def test_nothing_of_ours_hides_a_standard_module(folder):
    assert {path.stem for path in (ROOT / folder).rglob("*.py")} & set(
        sys.stdlib_module_names
    ) == set()


@pytest.mark.parametrize("options", [["-S"], ["-I"], ["-S", "-I"], ["-OO"]], ids=" ".join)
def test_the_set_up_starts_with_nothing_but_python(options, tmp_path):
    command = [sys.executable, *options, ROOT / "tools/environment.py", "nonsense"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (
        done.returncode
        and done.stderr.startswith("usage: python3 tools/")
        and not list(tmp_path.iterdir())
    )


def test_a_python_that_is_too_old_is_told_in_one_line(workshop):
    folder, _ = workshop
    done = set_up(folder, "render", before="sys.version_info = (3, 9, 2)")
    assert done.returncode == 1
    assert done.stderr == (
        "setup: got Python 3.9, expected 3.11 or newer; name one: make render PYTHON=python3.12\n"
    )


def test_a_python_without_its_venv_is_told_with_the_way_out(workshop):
    folder, _ = workshop
    done = set_up(
        folder,
        "render",
        before="e.VENV = ['-c', 'raise SystemExit(\"ensurepip is not available\")']",
    )
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
    assert "ensurepip is not available" in done.stderr and "apt install python3-venv" in done.stderr


def test_the_set_up_is_written_in_words_that_an_old_python_reads():
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.AsyncFunctionDef)
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, newer)]
    assert not [
        node.lineno for node in ast.walk(tree) if isinstance(node, ast.arg) and node.annotation
    ]


def made(folder: Path, before: str = "", **environment: str) -> bool:
    """Set up without pip; tell whether that ended well, with an environment that works."""
    done = set_up(folder, "render", before=WITHOUT_PIP + before, **environment)
    return done.returncode == 0 and works(folder)


@pytest.mark.slow
def test_a_new_environment_is_made_once_and_again_when_it_is_broken(workshop):
    folder, pip = workshop
    first = set_up(folder, "render", **pip)
    assert first.returncode == 0 and works(folder), first.stdout + first.stderr
    made_first = os.readlink(folder / ".venv")
    assert set_up(folder, "render", **pip).stdout == ""
    assert os.readlink(folder / ".venv") == made_first

    (folder / ".venv/bin/python").unlink()
    (folder / ".venv/bin/python").symlink_to(
        "/nowhere/python3.11"
    )  # as after an upgrade of the system
    assert made(folder)
    (folder / ".venv/made.json").unlink()  # as if it was never finished
    assert made(folder)
    assert len(list(folder.glob(".venv.*/"))) == 1, "what is not in use is removed"


@pytest.mark.slow
def test_an_environment_of_the_first_edition_is_replaced_and_what_is_none_is_left_alone(workshop):
    folder, _ = workshop
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/notes.txt").write_text("mine")
    refused = set_up(folder, "render")
    assert refused.returncode == 1
    assert refused.stderr == "setup: .venv is no Python environment; move it away and run again\n"
    assert (folder / ".venv/notes.txt").read_text() == "mine"
    (folder / ".venv/pyvenv.cfg").write_text("")
    assert made(folder)


MOMENTS = {
    "when the folder is made": "e.create = then_killed(e.create)",
    "when the packages are in": "e.install = then_killed(e.install)",
    "before the link is exchanged": "e.os.symlink = then_killed(e.os.symlink)",
    "after the link is exchanged": "e.os.rename = then_killed(e.os.rename)",
}
THEN_KILLED = """
def then_killed(work):
    def killed(*arguments, **options):
        work(*arguments, **options)
        os.kill(os.getpid(), signal.SIGKILL)
    return killed
"""


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_set_up_killed_at_any_moment_is_mended_by_the_next_command(workshop, moment):
    folder, _ = workshop
    killed = set_up(folder, "render", before=WITHOUT_PIP + THEN_KILLED + MOMENTS[moment])
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert not (folder / ".venv").exists() or works(folder), "a half environment is in use"
    assert made(folder)


STOPPED = """
import threading
def slow(folder, lock):
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
    return [sys.executable, os.path.abspath("slow.py")]
e.pip = slow
"""


@pytest.mark.slow
def test_a_set_up_that_is_stopped_leaves_no_program_running_and_the_old_environment_in_use(
    workshop,
):
    folder, _ = workshop
    assert made(folder)
    (folder / "requirements/render.lock").open("a").write("# changed\n")
    (folder / "slow.py").write_text("import time; time.sleep(60)")
    stopped = set_up(folder, "render", before=STOPPED)
    assert (
        stopped.returncode == 130
        and "setup: stopped; what was there before is as it was" in stopped.stderr
    )
    assert not [line for line in running().values() if str(folder / "slow.py") in line]
    assert works(folder)


@pytest.mark.slow
def test_when_pip_fails_the_package_and_the_reason_are_told(workshop):
    folder, pip = workshop
    lock = folder / "requirements/render.lock"
    good = lock.read_text()
    source = hashlib.sha256(source_package(Path(pip["PIP_FIND_LINKS"])).read_bytes()).hexdigest()
    for wrong, expected in (
        (re.sub("sha256:.*", "sha256:" + "0" * 64, good), "THESE PACKAGES DO NOT MATCH THE HASHES"),
        ("tiny==1.0\n", "Hashes are required"),
        (f"quarto-cli==1.10.18 --hash=sha256:{source}", "quarto-cli==1.10.18"),  # it would be built
    ):
        lock.write_text(wrong)
        done = set_up(folder, "render", **pip)
        assert done.returncode == 1 and re.search(expected, done.stderr), done.stderr
        assert (
            done.stderr.startswith("setup: could not install requirements/render.lock: ")
            and len(done.stderr.splitlines()) == 1
        )
        assert (folder / "build/set-up.log").stat().st_size and not (folder / ".venv").exists()


def test_every_package_that_is_installed_has_a_hash():
    for lock in sorted((ROOT / "requirements").glob("*.lock")):
        pins = re.findall(
            r"^[a-z][\w.-]*==[^\n]*(?:\n    --hash[^\n]*)*", lock.read_text(encoding="utf-8"), re.M
        )
        assert pins and all("--hash=sha256:" in pin for pin in pins), lock.name


# --- Quarto's own download


BACKEND = """
import os, urllib.request
def build_wheel(folder, settings=None, metadata=None):
    target = os.path.join(folder, "quarto.tar.gz")
    urllib.request.urlretrieve(os.environ["FROM"] + "/quarto.tar.gz", target)
    raise OSError("the test serves no Quarto that works")
"""


def source_package(folder: Path) -> Path:
    """Write a package that downloads while it is built, as the real one does."""
    path = folder / "quarto_cli-1.10.18.tar.gz"
    files = {
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path '
        '= ["."]\n'
        '[project]\nname = "quarto-cli"\nversion = "1.10.18"\n',
        "backend.py": BACKEND,
        "PKG-INFO": "Metadata-Version: 2.1\nName: quarto-cli\nVersion: 1.10.18\n",
    }
    with tarfile.open(path, "w:gz") as packed:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"quarto_cli-1.10.18/{name}")
            entry.size = len(content)
            packed.addfile(entry, io.BytesIO(content.encode()))
    return path


@contextmanager
def serving(how: str):
    """A server on this machine that stalls or breaks off."""
    over = threading.Event()

    class Failing(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "1000000")
            self.end_headers()
            self.wfile.write(b"x" * 1000)
            if how == "stalls":
                over.wait(60)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Failing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        over.set()
        server.shutdown()


# What pip really printed when it could not install, cut short: (output, what is told of it)
PRINTED = [
    (
        "  error: subprocess-exited-with-error\n"
        "  × Preparing metadata (pyproject.toml) did not run successfully.\n"
        "          raise HTTPError(req.full_url, code, msg, hdrs, fp)\n"
        "      urllib.error.HTTPError: HTTP Error 404: Not Found\n"
        "error: metadata-generation-failed\n",
        "urllib.error.HTTPError: HTTP Error 404: Not Found",
    ),
    (
        "WARNING: Retrying (Retry(total=0)) after connection broken by "
        "'NewConnectionError('<pip._vendor at 0x7fd0>: Failed to establish a new connection: "
        "[Errno 111] Connection refused')': /simple/nothing/\n"
        "ERROR: Could not find a version that satisfies the requirement nothing==9.9\n"
        "ERROR: No matching distribution found for nothing==9.9\n",
        "ERROR: Could not find a version that satisfies the requirement nothing==9.9; "
        "NewConnectionError: Failed to establish a new connection: [Errno 111] Connection refused",
    ),
    ("", "the installer gave no reason"),
]


@pytest.mark.parametrize(("printed", "expected"), PRINTED)
def test_of_what_pip_printed_the_telling_line_is_told(printed, expected):
    assert environment.reason(printed) == expected


@pytest.mark.slow
@pytest.mark.loopback
@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("stalls", "no answer within 2 s"),
        ("breaks off", "retrieval incomplete"),
    ],
)
def test_a_download_of_quarto_that_fails_is_told_and_the_set_up_ends_well(
    workshop, tmp_path, how, expected
):
    folder, pip = workshop
    package = source_package(tmp_path / "wheels")
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    (folder / "requirements/quarto.lock").write_text(
        f"quarto-cli==1.10.18 --hash=sha256:{digest}\n"
    )
    patience = "e.PATIENCE = 2" if how == "stalls" else ""  # the others end by themselves
    with serving(how) as address:
        done = set_up(folder, "render", "auto", before=WITHOUT_PIP + patience, FROM=address, **pip)
        assert done.returncode == 0 and works(folder), done.stdout + done.stderr
    told = done.stdout.splitlines()[-1]
    assert told.startswith("setup: Quarto not installed: ") and expected in told
    assert (folder / ".venv/quarto.txt").read_text().startswith("not installed: ")
    assert not (folder / ".venv-quarto").exists()
    again = set_up(folder, "render", "auto", **pip)
    assert again.returncode == 0 and again.stdout == "", "it is tried once"
