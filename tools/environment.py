# -*- coding: utf-8 -*-
"""Make the environment in which everything runs; started before anything is installed.

Usage: python3 tools/environment.py render|test [auto|quarto|pandoc]
       python3 tools/environment.py quarto

`.venv` and `.venv-quarto` are links. A new environment is made in a folder of its own, and the link
is exchanged last, in one step: whatever stops the set-up, nothing half made is ever used.
Quarto has an environment of its own because its installer may fail: closed networks refuse what it
downloads. It is tried once and the outcome kept in `.venv/quarto.txt`; `make quarto` tries again.

Written in words that a Python 2 can read, so that it can be told that it is too old.
"""

from __future__ import print_function

import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

OLDEST = (3, 11)
VENV = ["-m", "venv"]
MAIN, QUARTO = ".venv", ".venv-quarto"
LOCKS = {"render": ("render",), "test": ("render", "test")}
OUTCOME = os.path.join(MAIN, "quarto.txt")
PATIENCE = 300  # seconds until an installer that hangs on a closed network is given up
LOG = os.path.join("build", "set-up.log")
TELLING = re.compile(r"(ERROR:|[\w.]*(Error|Exception): |Error downloading)")
CAUSE = re.compile(r"connection broken by '(\w+).*?: (.*?)'")
STOPS = (signal.SIGTERM, signal.SIGHUP)


class Failed(Exception):
    """What stops the set-up, in one line for the person at the terminal."""


def main(kind, engine="pandoc"):
    """Make `.venv` for a kind of use, unless it is there; try once to get Quarto, if asked to."""
    with open(MAIN + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if kind == "quarto":
            return try_quarto()
        if not ready(MAIN, LOCKS[kind]) or another_python_is_named():
            make(MAIN, LOCKS[kind])
        there = os.environ.get("QUARTO") or shutil.which("quarto") or ready(QUARTO, ["quarto"])
        if engine != "pandoc" and not there and not os.path.exists(OUTCOME):
            try_quarto()
    return 0


def ready(link, locks):
    """Tell whether an environment runs, is whole, and holds what the lock files ask for."""
    made = record(link)
    same = os.path.realpath(python(link)) == made.get("python") and os.access(python(link), os.X_OK)
    return same and all(made.get(lock) == digest(lock) for lock in locks)


def another_python_is_named():
    """Tell whether `make PYTHON=…` asks for another version than the one at hand was made with."""
    return bool(os.environ.get("PYTHON")) and record(MAIN).get("version") != version()


def record(link):
    """Read what an environment says of itself; nothing if it was never finished."""
    try:
        with open(os.path.join(link, "made.json")) as handle:
            return json.load(handle)
    except (IOError, OSError, ValueError):
        return {}


def version():
    return "%d.%d" % sys.version_info[:2]


def python(folder):
    return os.path.join(folder, "bin", "python")


def digest(lock):
    with open(lock_file(lock), "rb") as handle:
        return hashlib.sha256(handle.read()).hexdigest()


def lock_file(lock):
    return os.path.join("requirements", lock + ".lock")


def make(link, locks):
    """Make an environment beside the one in use, and put it in its place."""
    if sys.version_info < OLDEST:
        told = "got Python %s, expected 3.11 or newer; name one: make render PYTHON=python3.12"
        raise Failed(told % version())
    if os.path.lexists(link) and not os.path.islink(link) and not is_environment(link):
        raise Failed("%s is no Python environment; move it away and run again" % link)
    start = time.time()
    folder = create(link)
    for lock in locks:
        print("setup: installing %s (once, about a minute)" % lock_file(lock), flush=True)
        install(folder, lock)
    finish(folder, link, locks)
    print("setup: done in %.0f s" % (time.time() - start), flush=True)


def is_environment(folder):
    return os.path.exists(os.path.join(folder, "pyvenv.cfg"))


def create(link):
    """Make an empty environment in a folder of its own, and remove what earlier attempts left."""
    sweep(link)
    folder = "%s.%x" % (link, time.time_ns())
    status, output = run([sys.executable] + VENV + [folder])
    if status:
        shutil.rmtree(folder, ignore_errors=True)
        told = "this Python cannot make environments (%s); on Debian: apt install python3-venv"
        raise Failed(told % (output.strip().splitlines() or ["no reason given"])[-1])
    return folder


def sweep(link):
    """Remove the folders of a link that are not in use."""
    used = os.path.basename(os.path.realpath(link))
    for name in os.listdir("."):
        if name.startswith(link + ".") and name != used and os.path.isdir(name):
            shutil.rmtree(name, ignore_errors=True)


def install(folder, lock, built=("--only-binary", ":all:"), patience=None):
    """Install one lock file: nothing without its hash and, unless asked, nothing to be built."""
    status, output = run(pip(folder, lock) + list(built), patience)
    if status:
        shutil.rmtree(folder, ignore_errors=True)
        told = "could not install %s: %s; the whole output is in %s"
        raise Failed(told % (lock_file(lock), reason(output), keep(output)))


def pip(folder, lock):
    """Spell the command; lock files name all that is needed, without Quarto's unused Jupyter."""
    command = [python(folder), "-I", "-m", "pip", "install", "--quiet", "--no-input"]
    command += ["--disable-pip-version-check", "--no-deps", "--require-hashes"]
    return command + ["-r", lock_file(lock)]


def finish(folder, link, locks):
    """Let an environment say what it holds, and exchange the link for one that leads to it."""
    made = {"python": os.path.realpath(python(folder)), "version": version()}
    made.update((lock, digest(lock)) for lock in locks)
    with open(os.path.join(folder, "made.json"), "w") as handle:
        json.dump(made, handle)
    part = link + ".part"
    if os.path.lexists(part):
        os.remove(part)
    os.symlink(folder, part)
    if os.path.isdir(link) and not os.path.islink(
        link
    ):  # made by the first edition, which had no links
        os.rename(link, link + ".old")
    os.rename(part, link)
    sweep(link)


def try_quarto():
    """Try to install Quarto; keep the outcome, good or bad, and never fail for it."""
    print("setup: trying to install Quarto (once; `make quarto` tries again)", flush=True)
    try:
        folder = create(QUARTO)
        install(folder, "quarto-build", patience=PATIENCE)
        install(folder, "quarto", ["--no-build-isolation"], PATIENCE)
        finish(folder, QUARTO, ["quarto"])
        words = "installed"
    except Failed as failure:
        words = "not installed: %s" % failure
    print("setup: Quarto " + words, flush=True)
    with open(OUTCOME, "w") as handle:
        handle.write(words + "\n")
    return 0


def run(command, patience=None):
    """Run a program to its end: (status, output). What stops us stops it and all it started."""
    child = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        start_new_session=True,
    )
    try:
        output = child.communicate(timeout=patience)[0]
        return child.returncode, output
    except subprocess.TimeoutExpired:
        return 1, "ERROR: no answer within %d s" % patience
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def reason(output):
    """Pick what tells a person why an installer failed: the package, and a cause in the network."""
    lines = [line.strip() for line in output.splitlines()]
    told = [line for line in lines if TELLING.match(line)]
    cause = CAUSE.search(output)
    words = told[:1] + (["%s: %s" % cause.groups()] if cause else [])
    return "; ".join(words)[:300] or "the installer gave no reason"


def keep(output):
    """Write the whole output of an installer where it can be read, and say where."""
    if not os.path.isdir("build"):
        os.makedirs("build")
    with open(LOG, "w") as handle:
        handle.write(output)
    return LOG


def stopped(number, frame):
    raise KeyboardInterrupt


def command(arguments):
    """Do what the command line asks for; say what stops it in one line; return the exit status."""
    if arguments[:1] not in ([kind] for kind in ("render", "test", "quarto")):
        return "usage: python3 tools/environment.py render|test [auto|quarto|pandoc], or quarto"
    for number in STOPS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup, which is meant
            signal.signal(number, stopped)
    try:
        return main(*arguments)
    except Failed as failure:
        return "setup: %s" % failure
    except (IOError, OSError) as error:
        place = error.filename or "the environment"
        return "setup: %s: %s; free or open it and run again" % (place, error.strerror)
    except KeyboardInterrupt:
        print("setup: stopped; what was there before is as it was", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(command(sys.argv[1:]))
