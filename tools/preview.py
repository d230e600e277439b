"""Show the site on this machine alone, build it again at each save, and reload the browser.

Run as `make preview`. The pages are served as they are published; what reloads them is a page of
this tool (preview.html) that holds them in a frame, so nothing of it is in them. A mistake is told
above the frame and on the terminal, and the last good site stays.
"""

from __future__ import annotations

import argparse
import http.server
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

from pipeline import fresh, steps
from pipeline.site.swap import OUTPUT

HOST, PORTS = "127.0.0.1", 20  # nobody else's machine; how many ports are tried
FRAME = "/preview.html"
# What is served beside the site: the frame, and what became of the last build.
OWN = {FRAME: "tools/preview.html", "/preview.json": str(fresh.STATE / "preview.json")}
PAUSE = 0.5  # seconds between two looks at the files


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the site and the frame around it, never from a cache."""

    def translate_path(self, path: str) -> str:
        return OWN.get(path) or super().translate_path(path)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing of what is asked for: the terminal is for the build."""


def serve(wanted: int) -> http.server.ThreadingHTTPServer:
    """Open a server at the wanted port, or at the next one that is free."""
    http.server.ThreadingHTTPServer.allow_reuse_port = False  # else two previews share one
    for port in range(wanted, wanted + PORTS):
        try:
            return http.server.ThreadingHTTPServer((HOST, port), partial(Handler, directory=OUTPUT))
        except (OSError, OverflowError) as error:
            print(f"preview: port {port}: {error}; trying the next")
    sys.exit("preview: none of these ports is free; name another: make preview PORT=9000")


def sources() -> dict[Path, float]:
    """List what people write and a build reads, each with the time of its last save.

    The build then finds by the contents what has to be done.
    """
    read = {Path(path) for step in steps.table() for path in (*steps.MACHINE, *step.inputs)}
    written = (path for path in read if fresh.BUILD not in path.parents)
    return {path: path.stat().st_mtime for path in fresh.files(*written)}


def build(engine: str) -> str:
    """Build the site; return what stopped it. Whatever stops this stops the build first."""
    command = [sys.executable, "-m", "pipeline", "render", "--engine", engine]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as child:
        try:
            told = child.communicate()[1]
        finally:
            child.terminate()
    print(told, end="", file=sys.stderr, flush=True)
    return told if child.returncode else ""


def watch(engine: str) -> None:
    """Build at once and at each save, and keep what the frame asks for."""
    built = 0
    seen: dict[Path, float] = {}
    fresh.remember("preview", built=built, problems="")
    while True:
        with suppress(FileNotFoundError):  # an editor is just exchanging a file
            now = sources()
            if now != seen:
                seen, problems = now, build(engine)  # what is saved meanwhile is built next
                built += not problems
                fresh.remember("preview", built=built, problems=problems)
        time.sleep(PAUSE)


def main() -> None:
    """Serve and build until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="make preview", description=__doc__.partition("\n")[0])
    parser.add_argument("--engine", default="auto", choices=("auto", "quarto", "pandoc"))
    parser.add_argument("--port", type=int, default=8000)
    chosen = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    server = serve(chosen.port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"preview: http://{HOST}:{server.server_port}{FRAME} (Ctrl-C ends it)", flush=True)
    try:
        watch(chosen.engine)
    except KeyboardInterrupt:
        print("\npreview: ended")


if __name__ == "__main__":
    main()
