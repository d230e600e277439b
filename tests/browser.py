"""Find a browser for the tests: `$CHROMIUM`, the PATH, Playwright's own download, and Debian's package where it may be installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAY_INSTALL = ("CI", "INSTALL_BROWSER")  # nobody's system is changed unasked
NONE = "no browser: set CHROMIUM=/path/to/chromium, or INSTALL_BROWSER=true to get Debian's package"


@cache
def find() -> str:
    """Return the path of a browser; skip the test, saying so, where none can be had."""
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
    for command in (["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]):
        if subprocess.run(command, capture_output=True, env=quiet).returncode:
            return None
    return _on_path()
