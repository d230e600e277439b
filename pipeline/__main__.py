"""The one way in: `python -m pipeline render|figures|check`, which the Makefile calls.

This module only decides what has to run and says so; it imports nothing heavy, because a build with
nothing to do must end before pandas alone would have been imported.
"""

from __future__ import annotations

import argparse
import sys

from pipeline import stages
from pipeline.errors import REFUSALS, Problems
from pipeline.lock import only_one


def main() -> int:
    """Run one command; print problems one a line and return 1 if there are any."""
    parser = argparse.ArgumentParser(prog="python -m pipeline", description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=("render", "figures", "check"))
    parser.add_argument("--engine", default="auto", choices=("auto", "quarto", "pandoc"))
    chosen = parser.parse_args()
    try:
        if chosen.command == "check":
            return stages.check_tables(always=True)
        with only_one():
            if chosen.command == "render":
                return stages.render(chosen.engine)
            stages.figures()
            return 0
    except Problems as found:
        print(found, file=sys.stderr)
        count = len(found.problems)
        print(f"{chosen.command}: {count} problem{'s' * (count > 1)}; _output/ is as it was", file=sys.stderr)
    except OSError as error:
        if error.errno not in REFUSALS:
            raise
        print(f"{error.filename or 'build'}: {error.strerror}; free or open it and run again; _output/ is as it was", file=sys.stderr)
    except KeyboardInterrupt:
        print(f"{chosen.command}: stopped; _output/ is as it was", file=sys.stderr)
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main())
