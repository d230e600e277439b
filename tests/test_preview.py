"""Whoever writes sees each save in the browser, and what is wrong with it beside the last good
page."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import change
from tests.processes import running

pytestmark = [pytest.mark.slow, pytest.mark.loopback]


def started(folder: Path, port: int) -> tuple[subprocess.Popen, str]:
    """Start a preview; return it with the address that it tells, after what it says of ports."""
    command = [sys.executable, "-m", "tools.preview", "--engine=pandoc", f"--port={port}"]
    preview = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    for told in iter(preview.stdout.readline, ""):
        if "http://" in told:
            return preview, told.split()[1]
    raise AssertionError("it told no address")


def test_a_save_reloads_the_page_and_a_mistake_is_told_above_the_last_good_one(workshop, browser):
    served = {path: path.read_bytes() for path in (workshop / "_output").rglob("*.html")}
    with socket.create_server(("127.0.0.1", 0)) as taken, browser.new_context() as context:
        preview, address = started(workshop, taken.getsockname()[1])
        try:
            assert address.startswith("http://127.0.0.1:")
            page = context.new_page()
            page.goto(address)
            report, told = page.frame_locator("iframe"), page.get_by_role("status")
            report.get_by_text("Table 1 is short").wait_for()
            answer = page.request.get(address.replace("preview.html", "report.html"))
            assert answer.body() == served[workshop / "_output/report.html"], "as it is published"

            change(workshop / "report.qmd", "is short.", "is quite short.")
            report.get_by_text("is quite short").wait_for()
            change(workshop / "report.qmd", "fact council.first.maduro.votes", "fact nobody.said")
            told.get_by_text('no fact "nobody.said"').wait_for()
            assert "report.qmd:" in told.inner_text()
            assert report.get_by_text("is quite short").is_visible()
            change(workshop / "report.qmd", "fact nobody.said", "fact council.first.maduro.votes")
            told.wait_for(state="hidden")
        finally:
            preview.send_signal(signal.SIGINT)
            said = preview.communicate(timeout=20)[0]
    assert preview.returncode == 0 and said.endswith("preview: ended\n")
    assert 'no fact "nobody.said"' in said and "Traceback" not in said
    assert not [line for line in running().values() if "tools.preview" in line]
