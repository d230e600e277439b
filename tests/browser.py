"""Find a browser: `$CHROMIUM`, the PATH, Playwright's download, Debian's package where allowed.

And serve it pages from a folder.
"""

from __future__ import annotations

import fcntl
import functools
import http.server
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

# The shell first: without a window's machinery a page opens in a third of the time.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
PACKAGES = NAMES[:2]
MAY_INSTALL = ("CI", "INSTALL_BROWSER")  # nobody's system is changed unasked
# Rows of a list or table are alike, so are links of a paragraph, the marks of a drawing, whose
# colours are weighed in test_figures.py, and blocks that hold nothing that two before them do not,
# by name, class, attributes and whether there is text in it: this leaves the first of each.
FIRST_OF_EACH = """
    const shorten = (whole, parts, most) => document.querySelectorAll(whole).forEach(one =>
        [...one.querySelectorAll(parts)].slice(most).forEach(part => part.remove()));
    shorten("tbody, dl, ol", ":scope > *", 4);
    shorten("p, li, td, dd, figcaption", "a", 4);
    shorten("svg", "*", 20);
    const named = one => [one.tagName, one.getAttribute("class"), one.getAttributeNames(),
        !one.textContent.trim()].join();
    const kind = one => `${named(one.parentElement)} ${named(one)}`, seen = {};
    const blocks = "article, main > *, section > *, main li, .appendix > *";
    for (const part of document.querySelectorAll(blocks)) {
        const kinds = new Set([part, ...part.querySelectorAll("*:not(svg *)")].map(kind));
        if ([...kinds].every(one => seen[one] > 1) && !/^H/.test(part.tagName)) part.remove();
        else kinds.forEach(one => { seen[one] = (seen[one] || 0) + 1; });
    }
"""
WHOLE = os.environ.get("AXE") == "all"  # where there is time, all of every page of every figure
COLOURS = ["color-contrast"]  # the rules that a dark page can break where the light one keeps them
NONE = "no browser: set CHROMIUM=/path/to/chromium, or INSTALL_BROWSER=true to get Debian's package"


@cache
def find() -> str:
    """Return the path of a browser; skip the test, saying so, where none can be had."""
    with Path(tempfile.gettempdir(), "two-counts-browser.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the workers of a run must not install at the same time
        path = os.environ.get("CHROMIUM") or _on_path() or _downloaded() or _from_debian()
    return path or pytest.skip(NONE)


def _on_path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def _downloaded() -> str | None:
    from playwright.sync_api import sync_playwright

    command = [sys.executable, "-m", "playwright", "install", "chromium-headless-shell"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=120)
        if done.returncode:
            return None
        with sync_playwright() as playwright:
            return playwright.chromium.executable_path
    except (OSError, subprocess.TimeoutExpired):
        return None


def _from_debian() -> str | None:
    asked = any(os.environ.get(name) for name in MAY_INSTALL)
    if not asked or not shutil.which("apt-get") or os.geteuid():
        return None
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update"], capture_output=True, env=quiet)
    for package in PACKAGES:
        install = ["apt-get", "install", "--yes", "--no-install-recommends", package]
        if not subprocess.run(install, capture_output=True, env=quiet).returncode:
            return shutil.which(package)
    return None


def sampled(page) -> None:
    """Leave the first of each kind in a page for a reader that takes long, where not all is asked
    for."""
    if not WHOLE:
        page.evaluate(FIRST_OF_EACH)


def violations(page, part: str | None = None, rules: Sequence[str] = ()) -> str:
    """Report the rules of accessibility that a page breaks: a part of it or the whole, some rules
    or all."""
    from axe_playwright_python.base import AXE_SCRIPT, AxeResults

    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    # `preload` would fetch the stylesheets a second time
    options = {"preload": False, "resultTypes": ["violations"]}
    # axe leaves out the size of targets by itself
    options |= {"runOnly": [*rules]} if rules else {"rules": {"target-size": {"enabled": True}}}
    run = "([part, options]) => axe.run(part || document, options)"
    found = AxeResults(page.evaluate(run, [part, options]))
    return found.generate_report() if found.violations_count else ""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextmanager
def serving(folder: Path):
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
