"""The one way in: `python -m pipeline render|figures|check`, which the Makefile calls.

This module only decides what has to run and says so; it imports nothing heavy, because a build with
nothing to do must end before pandas alone would have been imported.
"""

import argparse
import sys
import time

from pipeline import fresh, programs, report, steps
from pipeline.errors import told
from pipeline.site import engines, swap
from pipeline.site.swap import OUTPUT, only_one


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
        print(steps.check_tables())
        return
    with only_one():
        fresh.prepare()
        if command == "render":
            render(engine)
        else:
            figures()


def figures() -> None:
    """Make all that a plain `quarto render` needs."""
    every = steps.table(commit=report.commit())
    names = [step.name for step in every]
    steps.make(every[: names.index("documents")])


def render(requested: str) -> None:
    """Make the site, or find that nothing changed."""
    start = time.monotonic()
    engine = programs.choose(requested)
    print(f"engine {engine}: {engine.reason}")
    ran = steps.make(steps.table(engine, requested, report.commit()))
    done = f"{OUTPUT}/report.html and {OUTPUT}/report.pdf" if ran else "nothing to do"
    print(f"render: {done} ({engines.used()}, {time.monotonic() - start:.2f} s)")


if __name__ == "__main__":
    sys.exit(main())
