"""F-02 実績報告の経費: what the lines of the plan really cost, filled in offline by those who write the report.

The sheet has the plan's own lines and no others; it is saved by the service that the page uses. The prefilled form
stands in `subsidies/sheet_forms.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.urls import reverse

from common.errors import Refused
from common.form_fields import BIGGEST_YEN
from common.locks import locking
from common.sheets import values
from common.sheets.fields import Context, Problem, SheetField, Text, Value, Whole, Yen
from common.sheets.kinds import Origin, SheetKind, register
from common.sheets.messages import sentence
from common.sheets.rows import Key, Rows
from common.viewer import Viewer
from common.yen import show_yen

from ..duties import REPORT
from ..models import Application, Report, ReportCost
from ..services import completion


@register
class ReportCostSheet(SheetKind):
    """F-02 実績報告の経費: for each line of the plan its actual cost, eligible part, why it differs, evidence."""

    class Sheet:
        id, title = "F-02", "実績報告の経費"
        action = REPORT

    hint = "実績報告の経費の実績。計画の行番号で見分けます。行を加えることはできません。"
    parameters = ("application",)

    number = SheetField(
        "行番号", Whole(most=9_999), key=True, required=True, attribute="number", synonyms=("行", "番号")
    )
    project = SheetField("取組", Text(), synonyms=("取組名",), width=24)
    category = SheetField("節", Text())
    description = SheetField("内容", Text(), synonyms=("摘要", "経費の内容"), width=30)
    planned = SheetField("計画額（円）", Yen(), synonyms=("計画（円）", "予算額（円）"))
    actual = SheetField("実績額（円）", Yen(), attribute="actual_yen", synonyms=("支出額（円）", "決算額（円）"))
    eligible = SheetField(
        "うち対象額（円）", Yen(), attribute="eligible_yen", synonyms=("対象額（円）", "対象経費（円）")
    )
    note = SheetField("差の理由", Text(200), attribute="note", synonyms=("計画との差の理由", "理由"), width=30)
    evidence = SheetField("証拠書類の番号", Text(60), attribute="evidence", synonyms=("証拠書類", "領収書の番号"))

    def origin(self, parameters: Mapping[str, Any], viewer: Viewer) -> Origin:
        """The page of the report. Raises DoesNotExist (not visible, no report) and PermissionDenied (not hers)."""
        application = Application.objects.visible_to(viewer).get(
            pk=int(parameters["application"]), report__isnull=False
        )
        completion.own_lines(application, viewer)
        return Origin(
            label=f"{application.region.name}の実績報告",
            url=reverse("subsidies:report_edit", args=[application.pk]),
            subject=f"{application.region.name}　{application.number}",
            form=reverse("subsidies:report_form", args=[application.pk]),
        )

    def prepare(self, ctx: Context) -> None:
        report = Report.objects.select_related("application__region").get(
            application=int(ctx.parameters["application"])
        )
        ctx.lookups |= {"report": report, "lines": _lines(report)}

    def empty_value(self, field: SheetField) -> Value:
        return {"note": "", "evidence": ""}.get(field.name)

    def check(self, records: Rows, ctx: Context) -> Iterable[Problem]:
        """Only lines of the plan, of one's own initiatives, as the words beside them say; the eligible part fits."""
        report: Report = ctx.lookups["report"]
        if report.application.state not in completion.WRITABLE:
            raise Refused(sentence("E-20", subject=f"実績報告 {report.application.number}"))
        own = completion.own_lines(report.application, ctx.viewer)
        lines: Mapping[int, ReportCost] = ctx.lookups["lines"]
        self._whole_where_empty(records)
        for at, (key,) in enumerate(records.keys):
            if key is None or at in records.bad:
                continue
            line = lines.get(int(key))
            if line is None:
                yield Problem(at, "number", "E-61", {"what": "計画の行番号", "value": key})
            elif key not in own:
                yield Problem(at, "number", "E-64", {"reason": "割り当てられた取組の経費ではありません。"})
            else:
                yield from self._line(at, line, {one.name: records.get(one.name)[at] for one in self.declared}, records)

    def _whole_where_empty(self, records: Rows) -> None:
        """An empty eligible part is the whole actual cost, as on the page."""
        if "eligible" in records and "actual" in records:
            parts = zip(records["eligible"], records["actual"], strict=True)
            whole = [actual if part is None else part for part, actual in parts]
            records.columns = dict(records.columns) | {"eligible": whole}

    def _line(self, at: int, line: ReportCost, row: Mapping[str, Value], records: Rows) -> Iterator[Problem]:
        told = row["description"]
        if told and values.name_key(told) != values.name_key(line.cost.description):
            reason = f"{line.cost.number}行目の経費は「{line.cost.description}」です。行番号と内容を確かめてください。"
            yield Problem(at, "description", "E-64", {"reason": reason})
        for name in ("actual", "eligible"):
            amount = row[name]
            if isinstance(amount, int) and amount >= BIGGEST_YEN:
                yield Problem(at, name, "E-47", {"value": show_yen(amount)})
        actual = row["actual"] if "actual" in records else line.actual_yen
        eligible = row["eligible"] if "eligible" in records else line.eligible_yen
        if eligible is None:
            return
        place = "eligible" if "eligible" in records else "actual"
        if actual is None:
            yield Problem(at, place, "E-79")
        elif eligible > actual:
            yield Problem(at, place, "E-78", {"amount": show_yen(actual)})

    def standing(self, keys: Sequence[Key], ctx: Context) -> Mapping[Key, tuple[Value, ...]]:
        ctx.lookups["lines"] = lines = _lines(ctx.lookups["report"])
        return {(number,): tuple(of_report_cost(line, one) for one in ctx.stored) for number, line in lines.items()}

    def write(self, new: Rows, changed: Rows, ctx: Context) -> None:
        names = [str(one.attribute) for one in ctx.stored]
        lines = [dict(zip(names, row, strict=True)) for row in changed.tuples(ctx.stored)]
        completion.merge_lines(
            application_id=ctx.lookups["report"].application_id,
            lines={int(line.pop("number")): line for line in lines},
            viewer=ctx.viewer,
        )

    def lock(self, ctx: Context) -> None:
        """Hold the report until the transaction ends, so that nobody saves its page meanwhile."""
        locking(Report.objects).get(pk=ctx.lookups["report"].pk)


def _lines(report: Report) -> dict[int, ReportCost]:
    return {row.cost.number: row for row in report.costs.select_related("cost__project")}


def of_report_cost(line: ReportCost, field: SheetField) -> Value:
    """The value of a line of the report as the sheet has it; texts as a cell would be read."""
    match field.name:
        case "number":
            return line.cost.number
        case "project":
            return line.cost.project.name if line.cost.project else None
        case "category":
            return line.cost.get_category_display()
        case "description":
            return line.cost.description
        case "note" | "evidence":
            return values.text(getattr(line, field.name)) or ""
        case _:
            return getattr(line, str(field.attribute))
