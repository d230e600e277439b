"""The one way in: `python -m pipeline render|figures|check`, which the Makefile calls.

This module only decides what has to run and says so; it imports nothing heavy, because a build with
nothing to do must end before pandas alone would have been imported.
"""

from __future__ import annotations

import argparse
import sys

from pipeline import stages, swap
from pipeline.errors import told
from pipeline.lock import only_one


def main() -> int:
    """Run one command; print problems one a line and return 1 if there are any."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline", description="Build the report, or a part of it."
    )
    parser.add_argument("command", choices=("render", "figures", "check"))
    parser.add_argument("--engine", default="auto", choices=("auto", "quarto", "pandoc"))
    chosen = parser.parse_args()
    return told(chosen.command, lambda: work(chosen.command, chosen.engine))


def work(command: str, engine: str) -> None:
    """Do what a command asks for; the check needs no turn: it writes nothing that others read."""
    swap.check()
    swap.recover()
    if command == "check":
        stages.check_tables(always=True)
        return
    with only_one():
        if command == "render":
            stages.render(engine)
        else:
            stages.figures()


if __name__ == "__main__":
    sys.exit(main())
