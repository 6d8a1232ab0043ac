"""Long imports, worked off by the worker: everything in one fenced transaction, so that nothing is ever half done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import Refused
from ..models import SheetImport
from ..tasks import Run, task
from ..viewer import Viewer, unpacked
from . import importing, undoing
from .comparing import Tell
from .memory import uncollected

Work = Callable[[int, Viewer, Tell], SheetImport]


def _gave_up(payload: dict[str, Any], sentence: str, refused: bool) -> None:
    importing.give_up(payload["run"], SheetImport.State.REFUSED if refused else SheetImport.State.FAILED, sentence)


def _fenced(work: Work, payload: dict[str, Any], run: Run) -> dict[str, Any]:
    try:
        with uncollected(), run.atomic():
            done = work(payload["run"], unpacked(payload["viewer"]), run.progress)
    except importing.BROKEN as broken:
        raise Refused(importing.broken_rule(broken)) from broken
    return {"run": done.pk, "summary": done.summary}


@task("sheets.check", title="取込前の確認", gave_up=_gave_up)
def check(payload: dict[str, Any], run: Run) -> dict[str, Any]:
    """Compare the file of a run with what stands."""
    return _fenced(importing.compare, payload, run)


@task("sheets.write", title="取込", gave_up=_gave_up)
def write(payload: dict[str, Any], run: Run) -> dict[str, Any]:
    """Write what the comparison showed."""
    return _fenced(importing.write, payload, run)


@task("sheets.undo", title="取込の取消し", gave_up=_gave_up)
def take_back(payload: dict[str, Any], run: Run) -> dict[str, Any]:
    """Take an import back."""
    return _fenced(undoing.take_back, payload, run)
