"""Take an import back: only while every row still stands as the import left it."""

from __future__ import annotations

from .. import audit, clock
from ..errors import Conflict
from ..locks import locking
from ..models import SheetImport
from ..viewer import Viewer
from . import chunks, comparing, inspecting
from .comparing import Tell
from .kinds import kind_of

TOUCHED = "{row}行目の登録が、取込のあとに変更されています。取込は取り消せません。"


def take_back(pk: int, viewer: Viewer, tell: Tell = lambda done, total, text: None) -> SheetImport:
    """Undo a run that is UNDOING, in the caller's transaction. A run that is not is left alone."""
    run = locking(SheetImport.objects).get(pk=pk)
    if run.state != SheetImport.State.UNDOING:
        return run
    kind = kind_of(run.kind)
    ctx = inspecting.context(run, kind, viewer)
    total = run.new + run.changed
    tell(0, total, "差分を読み出しています")
    new, changed = chunks.split(chunks.load(run, {one.name: one for one in ctx.fields}), ctx.fields)
    kind.lock(ctx)
    tell(total // 4, total, "取込のあとに変わった行がないか確かめています")
    for rows in (new, changed):
        at = comparing.first_moved(kind, ctx, rows, rows.tuples(ctx.stored))
        if at is None and rows is new and len(new):
            at = kind.touched(new, ctx)
        if at is not None:
            raise Conflict(TOUCHED.format(row=rows.numbers[at]))
    tell(total // 2, total, "元に戻しています")
    ctx.written_at = run.confirmed_at
    kind.take_back(new, changed.reverted(), ctx)
    kind.after(ctx)
    run.enter(SheetImport.State.UNDONE, undone_by_id=viewer.user_id, undone_at=clock.now())
    audit.record(
        viewer,
        "sheet.undo",
        run,
        f"取込の取消し（{kind.title}）",
        after={"kind": run.kind, "diff": run.diff_sha256, "removed": len(new), "restored": len(changed)},
    )
    return run
