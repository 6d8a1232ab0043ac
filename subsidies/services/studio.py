"""Writing drafts of rulesets (row 9 of the matrix): new programs, copies, every change of a draft.

A change is a pure function of the content (`subsidies.studio.content`); here it meets lock, revision and audit.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max

from common import audit
from common.errors import Conflict, Refused
from common.locks import locking
from common.viewer import Access, Viewer
from regions.models import Field

from ..duties import PROGRAM
from ..models import Program, RuleSetVersion
from ..studio.content import Content, fingerprint
from ..studio.difference import difference

State = RuleSetVersion.State
WRITERS = "支援制度のルールの案は、本庁 審査担当の役割で作ります。"
OVERTAKEN = "ほかの人が先に保存しました。今の内容を確かめて、もう一度行ってください。"
_CODE = re.compile(r"[a-z][a-z0-9-]{1,28}")
MOST_NAME = 30
MOST_LINES = 40
"""Lines of a difference that one audit event keeps."""


@dataclass(frozen=True)
class ProgramInput:
    """A program as a person names it."""

    code: str
    name: str
    short_name: str
    purpose: str
    umbrella: str = ""


@transaction.atomic
def create_program(
    *, viewer: Viewer, values: ProgramInput, from_fy: int, to_fy: int | None, based_on: int | None = None
) -> RuleSetVersion:
    """Make a program with its first draft, empty or a copy of any version the viewer may see. Raises Refused."""
    require_writer(viewer)
    code, name = values.code.strip(), values.name.strip()
    if not _CODE.fullmatch(code):
        raise Refused("コードは英小文字で始まる2〜29文字の英小文字・数字・ハイフンにしてください。")
    if Program.objects.filter(pk=code).exists():
        raise Refused(f"コード「{code}」の制度はもうあります。別のコードにしてください。")
    if Program.objects.filter(name=name).exists():
        raise Refused(f"「{name}」という名称の制度はもうあります。")
    order = Program.objects.aggregate(last=Max("order"))["last"] or 0
    try:
        with transaction.atomic():
            program = Program.objects.create(
                code=code,
                prefecture_id=viewer.office.code,
                name=name,
                short_name=values.short_name.strip(),
                umbrella=values.umbrella.strip(),
                purpose=values.purpose.strip(),
                order=order + 1,
            )
    except IntegrityError:  # somebody made it at this very moment
        raise Refused(f"コード「{code}」の制度はもうあります。別のコードにしてください。") from None
    source = _source(viewer, based_on)
    content: Content = copy.deepcopy(source.content) if source else {"parameters": {}, "fields": [], "rules": []}
    audit.record(viewer, "program.create", program, "支援制度を作成", after={"name": name, "code": code})
    return _draft(program, content | {"name": name}, source, viewer, from_fy, to_fy)


@transaction.atomic
def copy_version(*, viewer: Viewer, version_id: int) -> RuleSetVersion:
    """Make the next draft of a program from one of its versions. Raises Refused."""
    require_writer(viewer)
    source = _source(viewer, version_id)
    if source is None:
        raise Refused("もとにする版を選んでください。")
    program = locking(Program.objects).get(pk=source.program_id)
    return _draft(program, source.content, source, viewer, source.effective_from_fy, source.effective_to_fy)


def _source(viewer: Viewer, version_id: int | None) -> RuleSetVersion | None:
    if version_id is None:
        return None
    found: RuleSetVersion = RuleSetVersion.objects.visible_to(viewer).get(pk=version_id)
    return found


def _draft(
    program: Program,
    content: Content,
    source: RuleSetVersion | None,
    viewer: Viewer,
    from_fy: int,
    to_fy: int | None,
) -> RuleSetVersion:
    last = program.rulesets.aggregate(last=Max("version"))["last"] or 0
    draft = RuleSetVersion.objects.create(
        program=program,
        version=last + 1,
        state=State.DRAFT,
        content={**copy.deepcopy(content), "program": program.pk, "version": last + 1},
        effective_from_fy=from_fy,
        effective_to_fy=to_fy,
        based_on=source,
    )
    draft.writers.add(viewer.person)
    audit.record(
        viewer, "ruleset.draft", draft, f"{draft.label}を作成", after={"based_on": str(source) if source else ""}
    )
    return draft


@transaction.atomic
def change(
    *,
    version_id: int,
    viewer: Viewer,
    revision: int,
    title: str,
    by: Callable[[Content], Content],
) -> RuleSetVersion:
    """Change the content of a draft by a pure function of it.

    `revision` is what the person saw; raises Conflict where it has moved on, Refused where the function refuses.
    """
    draft = locked_draft(version_id, viewer)
    if draft.revision != revision:
        raise Conflict(OVERTAKEN)
    new = {**by(draft.content), "program": draft.program_id, "version": draft.version}
    if fingerprint(new) == fingerprint(draft.content):
        return draft
    lines = [line.text for line in difference(draft.content, new)]
    draft.content = new
    return _saved(draft, viewer, "ruleset.change", title, {"changes": lines[:MOST_LINES], "lines": len(lines)})


@transaction.atomic
def set_basics(
    *,
    version_id: int,
    viewer: Viewer,
    revision: int,
    from_fy: int,
    to_fy: int | None,
    note: str,
    program: ProgramInput | None = None,
) -> RuleSetVersion:
    """Set the effective fiscal years and the reason of a draft; before its first publication also the program's names.

    Raises Refused or Conflict.
    """
    draft = locked_draft(version_id, viewer)
    if draft.revision != revision:
        raise Conflict(OVERTAKEN)
    if to_fy is not None and to_fy < from_fy:
        raise Refused("適用終了年度は適用開始年度以後にしてください。")
    before = {"from": draft.effective_from_fy, "to": draft.effective_to_fy, "note": draft.note}
    draft.effective_from_fy, draft.effective_to_fy, draft.note = from_fy, to_fy, note.strip()
    after: dict[str, Any] = {"from": from_fy, "to": to_fy, "note": draft.note}
    if program is not None:
        if draft.program.rulesets.published_ever().exists():
            raise Refused("公開したことのある制度の名称は変えられません。")
        names = {"name": program.name, "short_name": program.short_name, "purpose": program.purpose}
        names["umbrella"] = program.umbrella
        before |= {key: getattr(draft.program, key) for key in names}
        after |= names
        Program.objects.filter(pk=draft.program_id).update(**{key: text.strip() for key, text in names.items()})
        draft.content = {**draft.content, "name": program.name.strip()}
    if before == after:
        return draft
    return _saved(draft, viewer, "ruleset.basics", "適用年度などを変更", after, before)


@transaction.atomic
def register_field(*, version_id: int, viewer: Viewer, name: str, group: str) -> Field:
    """Register a field (分野) that programs and initiatives may use from now on, and make it eligible in this draft.

    Raises Refused.
    """
    draft = locked_draft(version_id, viewer)
    name = name.strip()
    if not name or len(name) > MOST_NAME:
        raise Refused(f"分野の名称を{MOST_NAME}文字以内で入力してください。")
    if group not in Field.Group.values:
        raise Refused("分野の区分を選んでください。")
    if Field.objects.filter(name=name).exists():
        raise Refused(f"分野「{name}」はもう登録されています。")
    order = 1 + (Field.objects.aggregate(last=Max("order"))["last"] or 0)
    field = Field.objects.create(code=f"field-{draft.pk}-{order}", name=name, group=group, order=order)
    audit.record(viewer, "field.add", field, f"分野「{name}」を登録", after={"name": name, "group": group})
    draft.content = {**draft.content, "fields": [*(draft.content.get("fields") or []), name]}
    _saved(draft, viewer, "ruleset.change", "対象分野を変更", {"changes": [f"{name}を加えました"], "lines": 1})
    return field


def require_writer(viewer: Viewer) -> None:
    """Raise PermissionDenied unless this person may write drafts."""
    if not viewer.may(PROGRAM, Access.EDIT):
        raise PermissionDenied(WRITERS)


def locked_draft(version_id: int, viewer: Viewer) -> RuleSetVersion:
    """The draft, locked for writing. Raises DoesNotExist, PermissionDenied, Refused."""
    require_writer(viewer)
    draft = locked(version_id, viewer)
    if draft.state != State.DRAFT:
        raise Refused(
            f"「{draft.get_state_display()}」の版は書き換えられません。直すときは、写して新しい案を作ります。"
        )
    return draft


def locked(version_id: int, viewer: Viewer) -> RuleSetVersion:
    """The version, locked until the transaction ends. Raises DoesNotExist where the viewer may not know it."""
    rows = locking(RuleSetVersion.objects.visible_to(viewer).select_related("program"))
    found: RuleSetVersion = rows.get(pk=version_id)
    return found


def _saved(
    draft: RuleSetVersion,
    viewer: Viewer,
    action: str,
    title: str,
    after: dict[str, Any],
    before: dict[str, Any] | None = None,
) -> RuleSetVersion:
    draft.revision += 1
    draft.save()
    draft.writers.add(viewer.person)
    audit.record(viewer, action, draft, title, before=before, after=after)
    return draft
