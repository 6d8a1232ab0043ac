"""Worked examples that staff add to a program: towns, a year, and the result that ought to come out."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from common import audit, clock
from common.errors import Refused
from common.locks import locking
from common.viewer import Viewer

from ..models import WorkedExample
from ..questions import BadQuestion, Desk
from ..rules.verdict import RESULT_LABELS, Result
from .studio import locked, require_writer


@dataclass(frozen=True)
class ExampleInput:
    """What a person typed. `members` are 6-digit codes; `rule` is empty for all requirements of the region."""

    title: str
    members: tuple[str, ...]
    fiscal_year: int
    expected: str
    rule: str = ""


@transaction.atomic
def add_example(*, version_id: int, viewer: Viewer, values: ExampleInput) -> WorkedExample:
    """Add an example to the program of this version. Raises Refused."""
    require_writer(viewer)
    version = locked(version_id, viewer)
    if values.expected not in RESULT_LABELS or not values.title.strip():
        raise Refused("名称と期待する結果を入力してください。")
    question = {"members": list(values.members), "fiscal_year": values.fiscal_year}
    try:
        Desk(trial=version).read({**question, "program": version.program_id})
    except BadQuestion as wrong:
        raise Refused(str(wrong)) from wrong
    example = WorkedExample.objects.create(
        program_id=version.program_id,
        title=values.title.strip(),
        question=question,
        rule=values.rule.strip(),
        expected=Result(values.expected).value,
        made_by_id=viewer.person,
        made_at=clock.now(),
    )
    after = {"title": example.title, "question": question, "expected": example.expected, "rule": example.rule}
    audit.record(viewer, "example.add", version, f"計算例「{example.title}」を追加", after=after)
    return example


@transaction.atomic
def remove_example(*, version_id: int, viewer: Viewer, example_id: int) -> None:
    """Ask an example no longer. Raises Refused where it is not one of this program."""
    require_writer(viewer)
    version = locked(version_id, viewer)
    example = locking(WorkedExample.objects).filter(pk=example_id, program=version.program_id, removed_at=None).first()
    if example is None:
        raise Refused("この計算例はもうありません。")
    example.removed_at = clock.now()
    example.save(update_fields=["removed_at"])
    audit.record(viewer, "example.remove", version, f"計算例「{example.title}」を取りやめ")
