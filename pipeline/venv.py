"""Make `.venv` from a lock file with hashes; run by any Python 3, before anything is installed.

Usage: python3 pipeline/venv.py render|test|quarto

The attempt to install Quarto is made once and its outcome remembered in `.venv/quarto.txt`,
because closed networks refuse the download that its installer makes. `make quarto` tries again.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time

NEEDED = (3, 11)
VENV = ".venv"
OUTCOME = os.path.join(VENV, "quarto.txt")
PATIENCE = 300  # seconds until an installer that hangs on a closed network is given up


def fail(message):
    sys.exit("setup: " + message)


def python():
    return os.path.join(VENV, "bin", "python")


def create():
    """Make the virtual environment, or say what is missing on this machine."""
    if sys.version_info < NEEDED:
        fail("got Python %d.%d, expected 3.11 or newer; call `make PYTHON=python3.12`" % sys.version_info[:2])
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        shutil.rmtree(VENV, ignore_errors=True)
        words = (error.stdout + error.stderr).strip().splitlines()[-1:] or ["no reason given"]
        fail("this Python cannot make virtual environments (%s); on Debian and Ubuntu: apt install python3-venv" % words[0])
    except OSError as error:
        fail("cannot write %s: %s" % (VENV, error.strerror))


def install(kind):
    """Install one lock file unless it is installed already; True when something was done."""
    lock = os.path.join("requirements", kind + ".lock")
    stamp = os.path.join(VENV, kind + ".ok")
    with open(lock, "rb") as handle:
        key = hashlib.sha256(handle.read()).hexdigest()
    if os.path.exists(stamp) and open(stamp).read() == key:
        return
    start = time.time()
    print("setup: installing %s (once, about a minute)" % lock, flush=True)
    done = subprocess.run(pip(lock), capture_output=True, text=True)
    if done.returncode:
        fail("could not install %s:\n%s" % (lock, "\n".join((done.stdout + done.stderr).strip().splitlines()[-6:])))
    with open(stamp, "w") as handle:
        handle.write(key)
    print("setup: done in %.0f s" % (time.time() - start), flush=True)


def pip(lock):
    return [python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock]


def quarto(again=False):
    """Try to install Quarto into `.venv`, unless there is one or it was tried before."""
    if not again and (os.environ.get("QUARTO") or shutil.which("quarto") or os.path.exists(OUTCOME)):
        return
    print("setup: trying to install Quarto (once; `make quarto` tries again)", flush=True)
    try:
        # --no-deps: its other dependency is Jupyter, which a report without code cells never starts
        command = pip(os.path.join("requirements", "quarto.lock")) + ["--no-deps"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
        words = "installed" if done.returncode == 0 else "not installed: " + reason(done.stdout + done.stderr)
    except subprocess.TimeoutExpired:
        words = "not installed: no answer within %d s" % PATIENCE
    with open(OUTCOME, "w") as handle:
        handle.write(words + "\n")
    print("setup: Quarto " + words, flush=True)


def reason(output):
    """Pick the line that tells a person why the installer failed."""
    lines = [line.strip() for line in output.splitlines()]
    told = [line for line in lines if re.match(r"(urllib|OSError|.*Error\b.*:|ERROR:)", line) and "subprocess-exited" not in line]
    return told[0][:200] if told else "the installer gave no reason"


def main(kind):
    if kind == "quarto":
        return quarto(again=True)
    if not os.path.exists(python()):
        create()
    install("render")
    if kind == "test":
        install("test")
    return quarto()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "render")
