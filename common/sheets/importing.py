"""Bring a sheet in: upload, look, map, compare, confirm. The services that pages, the command and other rooms call.

    run = start(upload, kind="I-03", viewer=viewer)      # Unreadable, FileRefused: nothing is kept
    inspect(run, viewer)                                  # the mapping page
    choose(run, mapping={...}, viewer=viewer)
    check(run, viewer)                                    # the comparison (dry run); writes no row of the room
    page_of(run, result="changed", page=1)                # what would change, cell by cell
    confirm(run, viewer=viewer)                           # one transaction, or Conflict and nothing
    undo(run, viewer)

Each act is one event of the audit chain. Long files go to the queue (`common/sheets/tasks.py`); the state of the run
tells what became of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from itertools import repeat
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import DatabaseError, DataError, IntegrityError, transaction

from .. import audit, clock, files, tasks
from ..errors import Conflict, Refused
from ..locks import locking
from ..models import SheetImport, SheetMapping
from ..viewer import SYSTEM, Duty, Viewer, packed
from . import chunks, comparing, inspecting, undoing
from .chunks import Compared
from .comparing import Tell
from .inspecting import Inspection, Read
from .kinds import kind_of
from .mapping import signature
from .memory import uncollected
from .messages import Message
from .reading import bytes_of, open_book

AT_ONCE = 5_000  # rows that a person may wait for; more of them go to the queue
KEPT_MESSAGES = 200
State = SheetImport.State
BROKEN = (IntegrityError, DataError)  # the rows break a constraint, or do not fit their columns
CHECKABLE = (State.UPLOADED, State.MAPPING, State.CHECKED, State.REFUSED, State.FAILED)

NOT_NOW = "この取込は「{state}」のため、この操作はできません。画面を開き直してください。"
HAS_ERRORS = "エラーが{count:,}行あるため取り込めません。ファイルを直してもう一度アップロードしてください。"
ONLY_HEADQUARTERS = "「エラー行を除いて取込」は、本庁 審査担当またはシステム管理者だけが選べます。"
CHANGED_SINCE = (
    "{row}行目の登録が、確認のあとにほかの操作で変わりました。何も書き込んでいません。もう一度確認してください。"
)
BROKEN_RULE = "取り込む値が登録の決まりに合わないため、何も書き込みませんでした（{rule}）。"


def start(
    upload: File[Any],
    *,
    kind: str,
    viewer: Viewer,
    parameters: Mapping[str, Any] | None = None,
    encoding: str | None = None,
) -> SheetImport:
    """Look at the format of a file and keep it as a new run in state UPLOADED; `encoding` is what the person chose.

    Raises PermissionDenied (not this person), Unreadable or FileRefused (not this file), each with a Japanese text, and
    DoesNotExist when the viewer may not know what the `parameters` name.
    """
    declared = kind_of(kind)
    declared.demand(viewer)
    if declared.parameters:
        declared.origin(dict(parameters or {}), viewer)
    content = bytes_of(upload)
    book = open_book(content, upload.name or "", encoding=encoding)
    upload.seek(0)
    with transaction.atomic():
        run = SheetImport.objects.create(
            kind=kind,
            parameters=dict(parameters or {}),
            office_key=viewer.office.key,
            created_by_id=viewer.user_id,
            created_by_name=viewer.label,
            created_at=clock.now(),
            file_name=files.clean_name(upload.name or ""),
            file_sha256=hashlib.sha256(content).hexdigest(),
            encoding=book.encoding,
            rows=max((one.rows for one in book.sheets), default=0),
        )
        run.file = files.store(upload, subject=run, label=f"取込 {declared.title}"[:100], viewer=viewer)
        run.save(update_fields=["file"])
        _record(viewer, "sheet.start", run, "取込の開始", {"file": run.file_name, "sha256": run.file_sha256})
    return run


def inspect(run: SheetImport, viewer: Viewer) -> Inspection:
    """Say what the file holds and how its columns would be read. Raises Unreadable."""
    return inspecting.inspect_run(run, viewer)


def choose(
    run: SheetImport,
    *,
    viewer: Viewer,
    sheet: str | None = None,
    encoding: str | None = None,
    mapping: Mapping[str, str] | None = None,
    save_as: str | None = None,
) -> SheetImport:
    """Set how the file is read: sheet, encoding, and which heading feeds which field (None leaves a setting alone).

    A new sheet or encoding forgets the mapping. `save_as` keeps the mapping for the office's next file with the same
    headings. Raises Conflict when the run is past that, BadMapping when a field is fed twice or unknown.
    """
    kind_of(run.kind).demand(viewer)
    with transaction.atomic():
        run = locked(run, *CHECKABLE)
        if (sheet is not None and sheet != run.sheet) or (encoding is not None and encoding != run.encoding):
            run.sheet, run.encoding = sheet or run.sheet, encoding or run.encoding
            run.mapping = {}
        if mapping is not None:
            run.mapping = {heading: name for heading, name in mapping.items() if name}
            headings = inspecting.inspect_run(run, viewer).table.headings
        run.chunks.all().delete()
        counts = dict.fromkeys(chunks.RESULTS.values(), 0)
        settings = {"sheet": run.sheet, "encoding": run.encoding, "mapping": run.mapping}
        run.enter(State.MAPPING, problem="", diff_sha256="", warning=0, **counts, **settings)
        if save_as and mapping and run.mapping:
            SheetMapping.objects.update_or_create(
                office_key=run.office_key,
                kind=run.kind,
                signature=signature(headings),
                defaults={"mapping": run.mapping, "name": save_as[:60], "last_used_at": clock.now()},
            )
    return run


def check(run: SheetImport, viewer: Viewer, *, wait: bool = False) -> SheetImport:
    """Compare the file with what stands (the dry run). No row of the room is written.

    More than `AT_ONCE` rows are compared by the worker: the run is then CHECKING and `run.task` tells how far it is;
    `wait` compares here and now. Afterwards the run is CHECKED with its counts, or MAPPING with the missing columns in
    `messages`. Raises Unreadable when the file cannot be read as chosen.
    """
    kind_of(run.kind).demand(viewer)
    return _act(run, viewer, CHECKABLE, State.CHECKING, "sheets.check", compare, wait)


def compare(pk: int, viewer: Viewer, tell: Tell = lambda done, total, text: None) -> SheetImport:
    """Do the comparison of a run that is CHECKING, in the caller's transaction. A run that is not is left alone."""
    run = locking(SheetImport.objects).select_related("file").get(pk=pk)
    if run.state != State.CHECKING:
        return run
    tell(0, run.rows, "ファイルを読み取っています")
    kind = kind_of(run.kind)
    book = inspecting.book_of(run)
    ctx = inspecting.fresh_context(kind, viewer, run.parameters)
    found = inspecting.read_run(run, book, kind, ctx)
    settings = {"sheet": found.table.sheet, "encoding": book.encoding, "mapping": found.mapping}
    if found.missing:
        run.enter(State.MAPPING, messages=_kept(found.notices), task=None, **settings)
        return run
    del book
    compared = comparing.compare(kind, found.table, found.mapping, ctx, tell)
    digest = chunks.save(run, compared, ctx.stored)
    counts = {name: compared.results.count(letter) for letter, name in chunks.RESULTS.items()}
    run.enter(
        State.CHECKED,
        rows=len(compared.rows),
        warning=sum(one.warns for one in compared.problems),
        messages=_kept(found.notices),
        diff_sha256=digest,
        checked_at=clock.now(),
        **counts,
        **settings,
    )
    _record(viewer, "sheet.check", run, "取込の確認", {"diff": digest, **_counts(run)})
    return run


def preview(
    content: bytes,
    name: str,
    *,
    kind: str,
    viewer: Viewer,
    parameters: Mapping[str, Any] | None = None,
    sheet: str = "",
    encoding: str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> tuple[Read, Compared | None]:
    """Compare a file with what stands and keep nothing; None instead of a comparison where columns are missing.

    Raises PermissionDenied and Unreadable.
    """
    declared = kind_of(kind)
    declared.demand(viewer)
    book = open_book(content, name, encoding=encoding)
    ctx = inspecting.fresh_context(declared, viewer, parameters or {})
    found = inspecting.read(declared, book, name, ctx, sheet=sheet, mapping=mapping, office_key=viewer.office.key)
    if found.missing:
        return found, None
    return found, comparing.compare(declared, found.table, found.mapping, ctx, lambda done, total, text: None)


def confirm(run: SheetImport, *, viewer: Viewer, skip_errors: bool = False, wait: bool = False) -> SheetImport:
    """Write what the comparison showed, all of it in one transaction.

    More than `AT_ONCE` rows are written by the worker (state WRITING). Raises Refused (errors, broken rule of the
    database), Conflict (a row changed since, or somebody was quicker) and PermissionDenied; then nothing was written.
    """
    kind_of(run.kind).demand(viewer)
    if skip_errors and not (viewer is SYSTEM or viewer.has(Duty.HS, Duty.AD)):
        raise PermissionDenied(ONLY_HEADQUARTERS)

    def allowed(run: SheetImport) -> None:
        if run.error and not skip_errors:
            raise Refused(HAS_ERRORS.format(count=run.error))

    values = {"skip_errors": skip_errors}
    return _act(run, viewer, (State.CHECKED,), State.WRITING, "sheets.write", write, wait, allowed=allowed, **values)


def write(pk: int, viewer: Viewer, tell: Tell = lambda done, total, text: None) -> SheetImport:
    """Write a run that is WRITING, in the caller's transaction. A run that is not is left alone."""
    run = locking(SheetImport.objects).get(pk=pk)
    if run.state != State.WRITING:
        return run
    kind = kind_of(run.kind)
    ctx = inspecting.context(run, kind, viewer)
    total = run.new + run.changed
    tell(0, total, "差分を読み出しています")
    new, changed = chunks.split(chunks.load(run, {one.name: one for one in ctx.fields}), ctx.fields)
    kind.lock(ctx)
    tell(total // 4, total, "確認のあとに変わった行がないか確かめています")
    for rows, shown in ((new, repeat(None, len(new))), (changed, zip(*changed.before.values(), strict=True))):
        if (at := comparing.first_moved(kind, ctx, rows, shown)) is not None:
            raise Conflict(CHANGED_SINCE.format(row=rows.numbers[at]))
    tell(total // 2, total, "書き込んでいます")
    kind.write(new, changed, ctx)
    kind.after(ctx)
    run.enter(State.DONE, confirmed_by_id=viewer.user_id, confirmed_at=clock.now())
    _record(viewer, "sheet.confirm", run, "取込", {"diff": run.diff_sha256, **_counts(run)})
    return run


def undo(run: SheetImport, viewer: Viewer, *, wait: bool = False) -> SheetImport:
    """Take back what a run wrote: new rows go, changed rows get their old values.

    Raises Conflict, naming the row, when a later change touched one of them; then nothing is taken back.
    """
    kind_of(run.kind).demand(viewer)
    return _act(run, viewer, (State.DONE,), State.UNDOING, "sheets.undo", undoing.take_back, wait)


def discard(run: SheetImport, viewer: Viewer) -> SheetImport:
    """Put a run away that was never written. Its file stays as the record of what was uploaded."""
    kind_of(run.kind).demand(viewer)
    with transaction.atomic():
        run = locked(run, *CHECKABLE)
        run.chunks.all().delete()
        run.enter(State.DISCARDED)
        _record(viewer, "sheet.discard", run, "取込の破棄", {"diff": run.diff_sha256})
    return run


def give_up(pk: int, state: str, sentence: str) -> None:
    """Note on a run why nothing came of an act; an undo leaves it DONE. A run that ended meanwhile is left alone."""
    with transaction.atomic():
        run = locking(SheetImport.objects).get(pk=pk)
        if run.state in (State.DONE, State.UNDOING):
            run.enter(State.DONE, problem=sentence)
        elif run.busy or run.state in CHECKABLE:
            run.enter(state, problem=sentence)


def _act(
    run: SheetImport,
    viewer: Viewer,
    sources: tuple[str, ...],
    busy: str,
    kind: str,
    body: Callable[[int, Viewer], SheetImport],
    wait: bool,
    *,
    allowed: Callable[[SheetImport], None] = lambda run: None,
    **values: Any,
) -> SheetImport:
    """Take one step of a run: here and now in one transaction, or by the worker where it is long.

    What `allowed` refuses leaves the run as it is. A refusal by the body rolls everything back; its sentence is kept on
    the run (REFUSED), an unexpected fault as FAILED.
    """
    begun = False
    try:
        with transaction.atomic():
            run = locked(run, *sources)
            allowed(run)
            begun = True
            run.enter(busy, problem="", task=None, **values)
            if not wait and run.rows > AT_ONCE:
                run.task = tasks.enqueue(
                    kind, {"run": run.pk, "viewer": packed(viewer)}, viewer=viewer, dedupe_key=f"{kind}:{run.pk}"
                )
                run.save(update_fields=["task"])
                return run
            with uncollected():
                return body(run.pk, viewer)
    except BROKEN as broken:
        refused = Refused(broken_rule(broken))
        give_up(run.pk, State.REFUSED, str(refused))
        raise refused from broken
    except Refused as refused:
        if begun:
            give_up(run.pk, State.REFUSED, str(refused))
        raise
    except DatabaseError:
        raise  # locked or away: nothing was changed, and nothing can be noted now
    except Exception:
        if begun:
            give_up(run.pk, State.FAILED, tasks.GIVEN_UP)
        raise


def locked(run: SheetImport, *states: str) -> SheetImport:
    """Return the run, locked until the transaction ends. Raises Conflict unless it is in one of these states."""
    fresh = locking(SheetImport.objects).get(pk=run.pk)
    if fresh.state not in states:
        raise Conflict(NOT_NOW.format(state=fresh.get_state_display()))
    return fresh


def broken_rule(broken: DatabaseError) -> str:
    """Return the sentence for a constraint of the database that refused the rows."""
    name = getattr(getattr(broken.__cause__, "diag", None), "constraint_name", None) or str(broken).splitlines()[0]
    return BROKEN_RULE.format(rule=name)


def _record(viewer: Viewer, action: str, run: SheetImport, title: str, after: Mapping[str, Any]) -> None:
    audit.record(viewer, action, run, f"{title}（{kind_of(run.kind).title}）", after={"kind": run.kind, **after})


def _counts(run: SheetImport) -> dict[str, int | bool]:
    names = ("new", "changed", "same", "error")
    return {name: getattr(run, name) for name in names} | {"skip_errors": run.skip_errors}


def _kept(messages: Iterable[Message]) -> list[dict[str, Any]]:
    """Return the messages about the whole file as the run keeps them, the first of very many."""
    return [asdict(one) for one in list(messages)[:KEPT_MESSAGES]]
