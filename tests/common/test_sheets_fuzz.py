"""No file, however broken, gives a traceback, a hang, a crash or large memory: in a process whose end is hard."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "600"))


@pytest.mark.parametrize("seed", [1, 2])
def test_mutated_files_give_values_or_a_sentence(seed: int):
    done = subprocess.run(
        [sys.executable, "-m", "tests.common.fuzz_sheets", str(seed), str(ROUNDS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings.test"},
        check=False,
    )
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-1500:]
    told = ast.literal_eval(done.stdout.splitlines()[-1])
    assert sum(told.values()) == ROUNDS
    assert told["read"] > ROUNDS / 10  # some mutations leave a readable file: the fuzz gets behind the first check
    assert len(told) > 4
