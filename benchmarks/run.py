"""Time mleval beside the usual script, on the same file, as ratios of whole processes.

The commands of a work take turns; a table shows the median of each and the ratios beside those
aimed at. A ratio that misses its target is shown, not punished: the exit status is 0 unless a
command fails. The files are made once and kept in benchmarks/.data.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys

from measure import Cost, Failed, alternate
from works import HERE, WORKS, Work, script, spelled_out

DATA = HERE / ".data"
MIB = 2**20


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=...", description=__doc__)
    parser.add_argument("work", nargs="*", help=f"one of {', '.join(w.name for w in WORKS)}")
    parser.add_argument("--rows", type=int, help="rows of a file at most, for a quick try")
    parser.add_argument("--repeats", type=int, help="runs counted (default: 5, of short ones more)")
    parser.add_argument("--mleval", default=f"{shlex.quote(sys.executable)} -m mleval",
                        help="the command to run for mleval (default: this Python's)")  # fmt: skip
    options = parser.parse_args()
    if unknown := set(options.work) - {work.name for work in WORKS}:
        parser.error(f"no such work: {', '.join(sorted(unknown))}")
    if options.repeats is not None and options.repeats < 1:
        parser.error("--repeats is at least 1")
    if options.rows is not None and options.rows < 100:
        parser.error("--rows is at least 100")
    return options


def data_file(work: Work, rows: int) -> str:
    """The file a work is done on, made if it is not there.

    Another process makes it, since the memory of this one would count towards what it measures.
    """
    if not work.kind:
        return ""
    path = DATA / f"{work.kind}-{rows}.{work.ending}"
    if not path.exists():
        DATA.mkdir(exist_ok=True)
        print(f"making {path.name} ...", file=sys.stderr)
        make = script("data.py", work.kind, str(rows), str(path))
        subprocess.run(spelled_out(make, mleval=[], file=""), check=True)
    return str(path)


def show(work: Work, rows: int, costs: dict[str, Cost]) -> None:
    """One work's medians, then its ratios."""
    print(f"\n{work.name}: {work.title}" + (f", {rows:,} rows" if rows else ""))
    for name, cost in costs.items():
        print(f"  {name:52} {cost.wall:9.3f} s {cost.memory / MIB:9.0f} MiB")
    for aim in work.comparisons:
        ratio = getattr(costs[aim.command], aim.cost) / getattr(costs[aim.over], aim.cost)
        met = "met" if ratio <= aim.target else "missed"
        what = f"{aim.command} / {aim.over}, {aim.cost}"
        print(f"  {what:52} {ratio:9.3f}   target {aim.target:5.2f}  {met}")


def main() -> int:
    options = arguments()
    failures = 0
    for work in WORKS:
        if options.work and work.name not in options.work:
            continue
        rows = min(options.rows or work.rows, work.rows)
        file = data_file(work, rows)
        commands = {
            name: spelled_out(command, mleval=shlex.split(options.mleval), file=file)
            for name, command in work.commands.items()
        }
        try:
            show(work, rows, alternate(commands, options.repeats or work.repeats))
        except Failed as error:
            failures += 1
            print(f"\n{work.name}: not measured: {error}", file=sys.stderr)
        sys.stdout.flush()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
