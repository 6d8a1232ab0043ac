"""A worker or a connection dies in the middle of a long import: nothing lost, nothing half, and a retry works."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from django.db.models.functions import Now

from common.errors import Conflict
from common.models import AuditEvent, SheetImport, Task
from common.sheets import importing
from common.tasks import run_next
from common.viewer import Duty, Viewer
from municipalities.codes import check_digit
from municipalities.models import Municipality, PopulationFigure

from ..viewers import saved, viewer
from .sheet_files import NEMURO, SAPPORO, book, text, towns_with_census

State = SheetImport.State
TOWNS, YEARS = 500, range(1900, 2100)
ROWS = TOWNS * len(YEARS)
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

# `manage.py worker` that stops in the middle of what `{where}` does, until the file `hold` is gone
WORKER = """
import pathlib, sys, time
import django; django.setup()
from django.core.management import call_command
from django.conf import settings
from common.sheets import bulk, chunks
hold, started = map(pathlib.Path, sys.argv[1:3])
settings.MEDIA_ROOT = sys.argv[3]
place = {{"bulk": bulk, "chunks": chunks}}["{module}"]
done, calls = getattr(place, "{function}"), []
def stopping(*given):
    calls.append(1)
    if len(calls) == {call} and hold.exists():
        started.touch()
        while hold.exists(): time.sleep(0.02)
    return done(*given)
setattr(place, "{function}", stopping)
call_command("worker", "--until-empty")
"""


@pytest.fixture
def staff() -> Viewer:
    towns_with_census()
    codes = [f"02{number:03}" for number in range(TOWNS)]
    Municipality.objects.bulk_create(
        Municipality(code=code + check_digit(code), prefecture_id="01", name=f"{code}町", kana="まち", kind="町")
        for code in codes
    )
    return saved(viewer(Duty.HS))


def compared(staff: Viewer) -> SheetImport:
    """A run of 100,000 new rows that waits for its confirmation."""
    codes = [f"02{number:03}" + check_digit(f"02{number:03}") for number in range(TOWNS)]
    rows = [[code, "", "国勢調査", year, 30, 10, 10, 10] for year in YEARS for code in codes]
    run = importing.start(text(*rows), kind="I-03", viewer=staff)
    run = importing.check(run, staff, wait=True)
    assert (run.state, run.new, run.error) == (State.CHECKED, ROWS, 0)
    return run


@contextmanager
def worker_stopped_in(function: str, call: int, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process that stands still at that call of `module.function`; the block may kill it."""
    module, name = function.split(".")
    hold, started = tmp_path / "hold", tmp_path / "started"
    hold.touch()
    database = connection.settings_dict
    url = f"postgres://{database['USER']}@/{database['HOST']}/{database['NAME']}"
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", WORKER.format(module=module, function=name, call=call)),
            *map(str, (hold, started, settings.MEDIA_ROOT)),
        ],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "portal.settings.test"},
    )
    try:
        end = time.monotonic() + 60
        while not started.exists():
            assert process.poll() is None, "the worker ended before it came to the place"
            assert time.monotonic() < end, "the worker never came to the place"
            time.sleep(0.02)
        yield process
    finally:
        hold.unlink(missing_ok=True)
        process.kill()
        process.wait()


def a_minute_passes() -> None:
    """The lease of the dead worker runs out, and the pause before the next try is over."""
    Task.objects.filter(state="running").update(lease_until=Now())
    Task.objects.update(run_after=Now())
    time.sleep(0.05)


def test_a_worker_killed_while_it_writes_leaves_nothing_and_the_next_one_writes_all(staff: Viewer, tmp_path: Path):
    run = importing.confirm(compared(staff), viewer=staff)
    assert run.state == State.WRITING
    with worker_stopped_in("bulk._copy_text", 4, tmp_path) as process:  # 60,000 rows are in the open transaction
        process.send_signal(signal.SIGKILL)
        process.wait()
        run.refresh_from_db()
        assert (run.state, run.task.state, PopulationFigure.objects.count()) == (State.WRITING, "running", 0)
    a_minute_passes()
    task = run_next("w2")
    run.refresh_from_db()
    assert (task.state, task.attempts, run.state) == ("done", 2, State.DONE)
    assert PopulationFigure.objects.count() == ROWS
    assert AuditEvent.objects.filter(action="sheet.confirm").count() == 1


def test_a_connection_that_breaks_while_a_worker_writes_leaves_nothing_and_the_retry_writes_all(
    staff: Viewer, tmp_path: Path
):
    run = importing.confirm(compared(staff), viewer=staff)
    with worker_stopped_in("bulk._copy_text", 4, tmp_path) as process:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            assert cursor.fetchone()[0] >= 1
        (tmp_path / "hold").unlink()
        assert process.wait(timeout=60) == 0
    run.refresh_from_db()
    assert (run.state, run.task.state, PopulationFigure.objects.count()) == (State.WRITING, "failed", 0)
    assert run.task.progress_text == "処理の途中で問題が起きました。自動でやり直します。"
    a_minute_passes()
    assert run_next("w2").state == "done"
    run.refresh_from_db()
    assert (run.state, PopulationFigure.objects.count()) == (State.DONE, ROWS)


def test_a_worker_killed_while_it_compares_leaves_no_half_comparison(staff: Viewer, tmp_path: Path):
    run = importing.check(compared(staff), staff)
    assert run.state == State.CHECKING
    with worker_stopped_in("chunks._packed", 400, tmp_path) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
    a_minute_passes()
    run_next("w2")
    run.refresh_from_db()
    assert (run.state, run.new, run.chunks.count()) == (State.CHECKED, ROWS, ROWS // 1000)


def test_workers_that_die_again_and_again_are_said_on_the_run(staff: Viewer):
    run = importing.confirm(compared(staff), viewer=staff)
    Task.objects.update(state="running", attempts=3, worker="dead", lease_until=Now())
    time.sleep(0.05)
    assert run_next("w2") is None
    run.refresh_from_db()
    assert (run.state, run.problem) == (State.FAILED, "処理が繰り返し中断されたため、打ち切りました。")
    assert PopulationFigure.objects.count() == 0
    run = importing.confirm(importing.check(run, staff, wait=True), viewer=staff, wait=True)
    assert (run.state, PopulationFigure.objects.count()) == (State.DONE, ROWS)


def together(*acts: Any) -> list[object]:
    """Let the acts run at the same moment in threads of their own; return what each gave or raised."""
    ready, given = threading.Barrier(len(acts)), [object()] * len(acts)

    def act(at: int) -> None:
        ready.wait()
        try:
            given[at] = acts[at]().state
        except Conflict as conflict:
            given[at] = conflict
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(at,)) for at in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def test_of_two_clicks_on_confirm_one_writes(staff: Viewer):
    run = importing.check(importing.start(book(SAPPORO, NEMURO), kind="I-03", viewer=staff), staff)
    given = together(*[lambda: importing.confirm(run, viewer=staff)] * 2)
    assert sorted(type(one).__name__ for one in given) == ["Conflict", "State"]
    run.refresh_from_db()
    assert (run.state, PopulationFigure.objects.count()) == (State.DONE, 2)
    assert AuditEvent.objects.filter(action="sheet.confirm").count() == 1


def test_of_two_people_who_bring_in_the_same_row_the_second_is_told(staff: Viewer):
    other = saved(viewer(Duty.HS))
    first = importing.check(importing.start(book(SAPPORO), kind="I-03", viewer=staff), staff)
    second = importing.check(importing.start(book(NEMURO, [*SAPPORO[:7], 30]), kind="I-03", viewer=other), other)
    given = together(lambda: importing.confirm(first, viewer=staff), lambda: importing.confirm(second, viewer=other))
    (told,) = [one for one in given if isinstance(one, Conflict)]
    assert "の登録が、確認のあとにほかの操作で変わりました" in str(told)
    assert PopulationFigure.objects.count() == (1 if given[1] is told else 2)
