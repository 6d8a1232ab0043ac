"""The turn of the year: the calls of the next fiscal year as drafts made from this year's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common.errors import Refused
from common.fiscal_year import FiscalYear
from common.locks import locking
from common.viewer import Access, Viewer

from ..duties import CALL
from ..models import Call, RuleSetVersion
from ..rulesets import rules_of
from .calls import CallInput, allot, prepare_call


@dataclass(frozen=True)
class CallCopy:
    """A call of the old year beside what stands for it in the new one.

    `made` is the call of the new year, `ruleset` the version by which it would be judged (None: none is in force).
    """

    call: Call
    made: Call | None
    ruleset: RuleSetVersion | None

    @property
    def open(self) -> bool:
        """Whether it can be copied now."""
        return self.made is None and self.ruleset is not None


def copies_for(year: int, viewer: Viewer) -> list[CallCopy]:
    """The calls of the year before with their copies in `year`. Three queries."""
    calls = list(
        Call.objects.visible_to(viewer)
        .filter(fiscal_year=year - 1)
        .select_related("program", "ruleset")
        .order_by("program__order", "program", "round")
    )
    made = {(one.program_id, one.round): one for one in Call.objects.visible_to(viewer).filter(fiscal_year=year)}
    rules: dict[str, RuleSetVersion] = {}
    for version in RuleSetVersion.objects.in_force(year).filter(program__in={one.program_id for one in calls}):
        if version.program_id not in rules or version.version > rules[version.program_id].version:
            rules[version.program_id] = version
    return [CallCopy(one, made.get((one.program_id, one.round)), rules.get(one.program_id)) for one in calls]


@transaction.atomic
def copy_calls(*, year: int, chosen: Collection[int], with_allotments: bool, viewer: Viewer) -> list[Call]:
    """Prepare a draft in `year` from each chosen call of the year before, its dates one year later.

    What was copied before is left alone; of two people at once the second waits and copies nothing. Raises
    PermissionDenied and Refused (a program without rules in force in that year).
    """
    if not (viewer.may(CALL, Access.EDIT) or viewer.may(CALL, Access.SUBMIT)):
        raise PermissionDenied("募集は、本庁 審査担当が準備し、本庁 決裁者が公開します。")
    held = locking(Call.objects.visible_to(viewer)).filter(pk__in=chosen, fiscal_year=year - 1)
    locked = {one.pk for one in held.order_by("pk")}
    wanted = [one for one in copies_for(year, viewer) if one.call.pk in locked]
    if lost := sorted({one.call.program.short_name for one in wanted if one.made is None and one.ruleset is None}):
        raise Refused(
            f"{FiscalYear(year).wareki}に適用するルールがない制度があります（{'、'.join(lost)}）。"
            "ルールの版を公開してから複写してください。"
        )
    return [_copied(one, year, with_allotments, viewer) for one in wanted if one.open]


def a_year_later(day: date) -> date:
    """Return the same day of the next year; 28 February for 29 February."""
    return day.replace(year=day.year + 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


def _copied(copy: CallCopy, year: int, with_allotments: bool, viewer: Viewer) -> Call:
    call, ruleset = copy.call, copy.ruleset
    assert ruleset is not None  # only open copies come here
    old, new = FiscalYear(year - 1), FiscalYear(year)
    expected = call.decision_expected_on
    made = prepare_call(
        viewer=viewer,
        values=CallInput(
            ruleset_id=ruleset.pk,
            fiscal_year=year,
            phases=call.phases,
            opens_on=a_year_later(call.opens_on),
            closes_on=a_year_later(call.closes_on),
            series_id=call.series_id if ruleset.pk == call.ruleset_id else str(rules_of(ruleset).value("series")),
            decision_expected_on=a_year_later(expected) if expected else None,
            required_documents=tuple(call.required_documents),
            number_prefix=call.number_prefix.replace(old.short, new.short),
        ),
    )
    if made.round != call.round:
        made.round = call.round
        made.save(update_fields=["round"])
    if with_allotments:
        allot(call_id=made.pk, viewer=viewer, amounts=dict(call.allotments.values_list("bureau", "amount_yen")))
    return made
