"""The scripts behind `make`: what they say when something is missing, and that they leave nothing behind."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def _run(*command: str | Path, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ)
    if path:
        environment["PATH"] = f"{path}:{environment['PATH']}"
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )


@pytest.fixture
def bare_machine(tmp_path: Path) -> Path:
    """A folder of programs in front of the PATH: no library for PDFs, an ordinary user, no right to install."""
    for name, answer in {"ldconfig": "echo nothing", "id": "echo 1000", "sudo": "exit 1"}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{answer}\n")
        (tmp_path / name).chmod(0o755)
    return tmp_path


def test_whoever_may_not_install_reads_exactly_what_is_missing(bare_machine: Path):
    ran = _run("scripts/setup", "run", path=bare_machine)
    assert ran.returncode == 1
    assert (
        "apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in ran.stderr
    )


def test_a_repeated_setup_changes_nothing_and_says_nothing():
    ran = _run("scripts/setup", "run", "test")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_make_alone_lists_every_target():
    listed = _run("make").stdout
    for target in ("setup", "run", "test", "check", "screens", "bench"):
        assert f"make {target} " in listed


def test_a_port_in_use_is_named_before_anything_else_happens(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ran = subprocess.run(
            ["scripts/run"],
            cwd=ROOT,
            env=os.environ | {"PORT": port, "VAR_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert ran.returncode == 1
    assert f"port {port} is in use" in ran.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.postgres
def test_the_throwaway_server_hands_on_the_exit_code_and_leaves_nothing():
    ran = _run("scripts/with_postgres", "sh", "-c", "echo $DATABASE_URL; exit 3")
    assert ran.returncode == 3
    directory = Path(ran.stdout.strip().removeprefix("postgres://postgres@/").removesuffix("/postgres"))
    assert directory.name.startswith("portal-pg.")
    assert not directory.exists()
