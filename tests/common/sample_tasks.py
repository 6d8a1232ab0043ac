"""Task bodies for tests; importing this module registers them (worker processes import it too)."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from common.clock import now
from common.errors import Refused
from common.models import Notice
from common.tasks import Run, task


@task("sample.greet", title="あいさつ文の作成")
def greet(payload: dict[str, Any], run: Run) -> dict[str, Any]:
    run.progress(1, 2, "1件目")
    return {"text": f"{payload['name']}様"}


@task("sample.refuse")
def refuse(payload: dict[str, Any], run: Run) -> None:
    raise Refused("取り込むシートがありません。")


@task("sample.break")
def break_down(payload: dict[str, Any], run: Run) -> None:
    raise RuntimeError("the disk is gone")


@task("sample.write")
def write(payload: dict[str, Any], run: Run) -> None:
    """Write one notice; while `hold` (a file) exists, wait before that, as a slow import would."""
    Path(payload["started"]).touch()
    hold = Path(payload["hold"])
    while hold.exists():
        run.progress(1, 2, "待っています")
        time.sleep(0.02)
    with run.atomic():
        Notice.objects.get_or_create(
            office_key=payload["office_key"], duties="", title="書き込み", defaults={"created_at": now()}
        )


@task("sample.count")
def count_up(payload: dict[str, Any], run: Run) -> None:
    """Append a line to a file: shows how often a body ran."""
    with Path(payload["file"]).open("a") as file:
        file.write(f"{payload['n']}\n")
    time.sleep(0.005)
