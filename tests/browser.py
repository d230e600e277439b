"""Find a browser for the tests, or get one: `$CHROMIUM`, the PATH, Playwright's own download, Debian's package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@cache
def find() -> str:
    """Return the path of a browser; skip the test, saying so, where none can be had."""
    path = os.environ.get("CHROMIUM") or _on_path() or _downloaded() or _from_debian()
    return path or pytest.skip("no browser: set CHROMIUM=/path/to/chromium, or install Debian's package chromium")


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
    if not shutil.which("apt-get") or os.geteuid():
        return None
    for command in (["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]):
        if subprocess.run(command, capture_output=True, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}).returncode:
            return None
    return _on_path()
