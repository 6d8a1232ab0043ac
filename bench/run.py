"""`make bench`: every benchmark of this folder on a fresh database, one JSON line each on stdout.

A module here that has `benchmarks()` (yielding `Benchmark`s, after it made its rows) is found by itself; one that
measures in another way yields its JSON lines from `lines()`.
`python -m bench.run lists audit` runs only these, `python -m bench.run pdf.letter` one of a module.
DATABASE_URL chooses the database; nothing here fails by being slow.
"""

from __future__ import annotations

import os
import pkgutil
import sys
from importlib import import_module

import django


def main(names: list[str]) -> int:
    """Run the named modules, or all; return 0. Raises ModuleNotFoundError for a name that is none."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    from bench.harness import ONLY, asked_for, measure

    ONLY.update(names)
    found = list(dict.fromkeys(name.partition(".")[0] for name in names)) or [
        module.name for module in pkgutil.iter_modules(import_module("bench").__path__)
    ]
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        for name in found:
            module = import_module(f"bench.{name}")
            for benchmark in getattr(module, "benchmarks", list)():
                if asked_for(benchmark.name):
                    print(measure(benchmark), flush=True)
            for line in getattr(module, "lines", list)():
                print(line, flush=True)
    finally:
        teardown_databases(databases, verbosity=0)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
