"""`make test`: every check and every test, one after the other; `--quick` leaves PostgreSQL and Chromium out.

Nothing stops at the first failure: the last lines name everything that failed, and the exit code is 1 then.
"""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
CODE = ["common", "municipalities", "regions", "accounts", "subsidies", "portal", "scripts", "bench"]
POSTGRES = [str(ROOT / "scripts" / "with_postgres")]


@dataclass
class Step:
    """One command; `tests` marks a run of pytest, whose results are counted."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    tests: bool = False
    failed: bool = False
    seconds: float = 0.0
    counts: dict[str, int] = field(default_factory=dict)


def checks() -> list[Step]:
    """Everything that reads the code without running a test."""
    python, manage = str(BIN / "python"), [str(BIN / "python"), "manage.py"]
    production = {
        "DJANGO_SETTINGS_MODULE": "portal.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "portal.example.lg.jp",
    }
    return [
        Step("ruff", [str(BIN / "ruff"), "check", "--quiet", "."]),
        Step("ruff format", [str(BIN / "ruff"), "format", "--quiet", "--check", "."]),
        Step("mypy", [str(BIN / "mypy"), "--no-error-summary", *CODE]),
        Step("djlint", [str(BIN / "djlint"), "--quiet", "--lint", "templates"]),
        Step("bandit", [python, "-m", "bandit", "--quiet", "-c", "pyproject.toml", "-ll", "-r", *CODE]),
        Step("migrations", [*manage, "makemigrations", "--check", "--dry-run"]),
        Step("deployment check", [*manage, "check", "--deploy", "--fail-level", "WARNING"], production),
    ]


def suites(quick: bool, results: Path) -> list[Step]:
    """The runs of pytest: on SQLite, on PostgreSQL, in Chromium (which talks to a portal on PostgreSQL)."""

    def pytest(name: str, marks: str, *, on: list[str]) -> Step:
        command = [
            str(BIN / "python"),
            "-m",
            "pytest",
            "-q",
            "-n",
            "2",
            "--dist",
            "loadfile",
            "--durations=15",
            "-m",
            marks,
        ]
        return Step(name, [*on, *command, f"--junitxml={results / name}.xml"], tests=True)

    sqlite = pytest("SQLite", "not browser", on=[])
    if quick:
        return [sqlite]
    return [sqlite, pytest("PostgreSQL", "not browser", on=POSTGRES), pytest("Chromium", "browser", on=POSTGRES)]


def run(step: Step, results: Path) -> None:
    """Run one step with its output in view, and note how it ended."""
    print(f"\n=== {step.name}", flush=True)
    started = time.monotonic()
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    ended = subprocess.run(step.command, cwd=ROOT, env=environment | step.environment, check=False)
    step.seconds, step.failed = time.monotonic() - started, ended.returncode != 0
    report = results / f"{step.name}.xml"
    if step.tests and report.exists():
        suite = next(ET.parse(report).getroot().iter("testsuite"))
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        step.counts = {"failed": failed, "passed": int(suite.get("tests", 0)) - failed}
    if step.tests and not step.counts.get("passed"):
        step.failed = True  # a run without a single test shows nothing
    print(f"--- {step.name}: {'FAILED' if step.failed else 'ok'} ({step.seconds:.0f} s)", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="lint, types, migrations and the tests on SQLite only")
    quick = parser.parse_args().quick
    (ROOT / "var").mkdir(exist_ok=True)
    with TemporaryDirectory() as directory:
        results = Path(directory)
        steps = checks() + suites(quick, results)
        for step in steps:
            run(step, results)
    failed = [step.name for step in steps if step.failed]
    passed = sum(step.counts.get("passed", 0) for step in steps)
    broken = sum(step.counts.get("failed", 0) for step in steps)
    each = ", ".join(f"{step.name} {step.counts.get('passed', 0)}" for step in steps if step.tests)
    print(f"\n{each}; {len(checks())} checks")
    if failed:
        print(f"FAILED: {', '.join(failed)}")
    print(f"{broken} failed, {passed} passed in {sum(step.seconds for step in steps):.0f}s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
