"""Sheets about one application that its planners fill in offline: cost lines (I-11) and the KPI plan (F-01).

Both belong to an application (`parameters`), only while it may still be written and by those who may write it, and are
saved by the services that the wizard uses. The prefilled forms stand in `subsidies/sheet_forms.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields as dataclass_fields
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from common.errors import Refused
from common.fiscal_year import FiscalYear as Year
from common.form_fields import BIGGEST_YEN
from common.sheets import values
from common.sheets.describing import About, about
from common.sheets.fields import (
    Cell,
    Choice,
    Context,
    FiscalYear,
    Number,
    Problem,
    Reader,
    SheetField,
    Text,
    Value,
    Whole,
    Yen,
)
from common.sheets.kinds import Origin, SheetKind, register
from common.sheets.messages import Unreadable, sentence
from common.sheets.rows import Key, Rows
from common.viewer import Viewer
from common.yen import show_yen
from regions.forms import NEW
from regions.models import Kpi
from regions.resources.kpi_plans import Baseline
from regions.services import KpiDraft

from ..duties import DRAFT
from ..forms.kpi import kpi_years
from ..models import Application, CostLine
from ..rulesets import rules_of
from ..services import drafts, fieldwork
from ..services.fieldwork import KpiInput

TOGETHER, JOINTLY = "（共通）", "（共同）"  # a line of no single initiative; a line that no single town pays
HARD = {True: "ハード", False: "ソフト"}
ELSEWHERE = {True: "あり", False: "なし"}
DRAFT_FIELDS = tuple(one.name for one in dataclass_fields(KpiDraft) if one.name not in ("yearly", "cumulative"))


class Listed(Reader):
    """One of the entries that `prepare` loaded under `name`: {code: name}. Read by code, by 「code　name」 or by name.

    `nothing` is the word for none of them; it is stored as an empty text.
    """

    def __init__(self, name: str, nothing: str = "") -> None:
        super().__init__()
        self.name, self.nothing = name, nothing

    def parse(self, cell: Cell, ctx: Context) -> str | None:
        entries: Mapping[str, str] = ctx.lookups[self.name]
        plain = values.text(cell)
        if plain is None:
            return None
        if self.nothing and plain.strip("（）()") == self.nothing.strip("（）"):
            return ""
        code = values.code(plain.split()[0]) or ""
        found = [code] if code in entries else []
        if not found and code.isdecimal() and len(code) in (4, 5):  # a lost zero, or no check digit
            found = [known for known in entries if known == code.zfill(6)]
            found = found or [known for known in entries if len(known) == 6 and known.startswith(code.zfill(5))]
        wanted = values.name_key(plain)
        found = found or [known for known, name in entries.items() if values.name_key(name) == wanted]
        if len(found) != 1:
            choices = [f"{known}　{name}" for known, name in entries.items()]
            choices = [self.nothing, *choices] if self.nothing else choices
            raise Unreadable("E-44", value=values.shown(cell), choices="、".join(choices))
        return found[0]

    def render(self, value: Value, obj: Any = None, **kwargs: Any) -> str:
        return self.nothing if value == "" else "" if value is None else str(value)

    def shown(self, value: Value, ctx: Context) -> str:
        """The code with its name."""
        name = ctx.lookups[self.name].get(value, "")
        return f"{value}　{name}" if name else self.render(value)


@about.register
def _listed(reader: Listed) -> About:
    return About(
        "コード、「コード　名称」、または名称" + (f"。どれでもなければ{reader.nothing}" if reader.nothing else "")
    )


class OfApplication(SheetKind):
    """What both kinds share: the application they belong to, who may write it, and when."""

    class Sheet:
        id, title = "", ""
        action = DRAFT

    parameters = ("application",)
    step = ""

    def origin(self, parameters: Mapping[str, Any], viewer: Viewer) -> Origin:
        """The wizard's step. Raises DoesNotExist (not visible) and PermissionDenied (not hers to write)."""
        application = _application(parameters, viewer)
        url = reverse(f"subsidies:draft_{self.step}", args=[application.pk])
        return Origin(
            label=f"{application.region.name}の申請",
            url=url,
            subject=f"{application.region.name}　{application.number}",
            form=reverse("subsidies:draft_form", args=[application.pk, self.step]),
        )

    def prepare(self, ctx: Context) -> None:
        """Load what the sheet is about. Whoever looks at an import that was made need not be who may write."""
        application = Application.objects.select_related("region", "call__ruleset").get(
            pk=int(ctx.parameters["application"])
        )
        items = application.items.select_related("project").order_by("order")
        ctx.lookups |= {
            "application": application,
            "projects": {item.project.code: item.project.name for item in items},
            "project_ids": {item.project.code: item.project_id for item in items},
            "members": {part.municipality_id: part.municipality.name for part in application.parts.all()},
        }

    def demand_open(self, ctx: Context) -> None:
        """Raise PermissionDenied (not hers to write) and Refused E-20 (the application is no longer open)."""
        application = _application(ctx.parameters, ctx.viewer)
        if not application.editable:
            raise Refused(sentence("E-20", subject=f"申請 {application.number}"))

    def lock(self, ctx: Context) -> None:
        """Hold the application until the transaction ends, so that nobody saves a step of the wizard meanwhile."""
        drafts.editable(ctx.lookups["application"].pk, ctx.viewer)


def _application(parameters: Mapping[str, Any], viewer: Viewer) -> Application:
    rows = Application.objects.visible_to(viewer).select_related("region", "call__ruleset")
    application: Application = rows.get(pk=int(parameters["application"]))
    if not drafts.may_write(application, viewer):
        raise PermissionDenied(drafts.WRITES)
    return application


@register
class CostSheet(OfApplication):
    """I-11 経費明細."""

    class Sheet:
        id, title = "I-11", "経費明細"
        action = DRAFT

    hint = "申請書の手順4の経費。ある行は行番号で見分け、新しい行はその後に続けます。"
    step = "costs"

    number = SheetField(
        "行番号", Whole(most=9_999), key=True, required=True, attribute="number", synonyms=("行", "番号")
    )
    project = SheetField(
        "取組コード", Listed("projects", TOGETHER), required=True, attribute="project_id", synonyms=("取組", "取組名")
    )
    member = SheetField(
        "負担市町村コード",
        Listed("members", JOINTLY),
        required=True,
        attribute="member_id",
        synonyms=("負担市町村", "負担団体"),
    )
    category = SheetField("節", Choice(dict(CostLine.Category.choices)), required=True, attribute="category")
    description = SheetField("内容", Text(200), required=True, attribute="description", synonyms=("摘要", "経費の内容"))
    quantity = SheetField("数量", Number(2), attribute="quantity")
    unit = SheetField("単位", Text(20), attribute="unit")
    unit_price = SheetField("単価（円）", Yen(), attribute="unit_price_yen")
    amount = SheetField("金額（円）", Yen(), required=True, attribute="amount_yen")
    eligible = SheetField(
        "対象額（円）", Yen(), attribute="eligible_yen", synonyms=("補助対象額（円）", "対象経費（円）")
    )
    hard = SheetField(
        "ハード区分", Choice(HARD, also={"○": True, "〇": True, "×": False}), attribute="is_hard", synonyms=("ハード",)
    )
    elsewhere = SheetField("他の補助金", Choice(ELSEWHERE, also={"有": True, "無": False}), attribute="other_subsidy")

    def empty_value(self, field: SheetField) -> Value:
        return {"unit": "", "hard": False, "elsewhere": False}.get(field.name)

    def check(self, records: Rows, ctx: Context) -> Iterable[Problem]:
        """An empty eligible amount is the whole amount; then the sums of a line, and numbers that follow on."""
        self.demand_open(ctx)
        amounts = records["amount"]
        if "eligible" in records:
            eligible = records["eligible"]
            records.columns = dict(records.columns) | {
                "eligible": [whole if part is None else part for part, whole in zip(eligible, amounts, strict=True)]
            }
            yield from self._parts(records["eligible"], amounts)
        if "quantity" in records and "unit_price" in records:
            yield from self._products(records["quantity"], records["unit_price"], amounts)
        for at, amount in enumerate(amounts):
            if amount is not None and amount >= BIGGEST_YEN:
                yield Problem(at, "amount", "E-47", {"value": show_yen(amount)})
        yield from _following(records.keys, len(ctx.lookups["application"].costs.all()), records.bad)

    def _parts(self, eligible: Sequence[Value], amounts: Sequence[Value]) -> Iterator[Problem]:
        for at, (part, whole) in enumerate(zip(eligible, amounts, strict=True)):
            if part is not None and whole is not None and part > whole:
                yield Problem(at, "eligible", "E-73", {"amount": show_yen(whole)})

    def _products(
        self, quantities: Sequence[Value], prices: Sequence[Value], amounts: Sequence[Value]
    ) -> Iterator[Problem]:
        for at, (quantity, price, amount) in enumerate(zip(quantities, prices, amounts, strict=True)):
            if quantity is not None and not 0 <= quantity < 10**10:
                yield Problem(at, "quantity", "E-74")
            elif None not in (quantity, price, amount) and abs(quantity * price - amount) >= 1:
                yield Problem(at, "amount", "E-72", {"product": show_yen(int(quantity * price))})

    def standing(self, keys: Sequence[Key], ctx: Context) -> Mapping[Key, tuple[Value, ...]]:
        lines = ctx.lookups["application"].costs.select_related("project").all()
        return {(line.number,): tuple(of_line(line, one) for one in ctx.stored) for line in lines}

    def write(self, new: Rows, changed: Rows, ctx: Context) -> None:
        lines = dict(self._lines(changed, ctx))
        for number, values_of in self._lines(new, ctx):
            lines[number] = {"eligible_yen": values_of["amount_yen"]} | values_of
        drafts.merge_costs(application_id=ctx.lookups["application"].pk, viewer=ctx.viewer, lines=lines)

    def _lines(self, rows: Rows, ctx: Context) -> Iterator[tuple[int, dict[str, Value]]]:
        names = [one.name for one in ctx.stored]
        for values_of in rows.tuples(ctx.stored):
            line = dict(zip(names, values_of, strict=True))
            number = line.pop("number")
            given = {str(self.fields[name].attribute): value for name, value in line.items()}
            if "project_id" in given:
                given["project_id"] = ctx.lookups["project_ids"].get(given["project_id"])
            if "member_id" in given:
                given["member_id"] = given["member_id"] or None
            yield int(number), given

    def remove(self, rows: Rows, ctx: Context) -> None:
        drafts.merge_costs(
            application_id=ctx.lookups["application"].pk, viewer=ctx.viewer, dropped=[int(key[0]) for key in rows.keys]
        )


def of_line(line: CostLine, field: SheetField) -> Value:
    """The value of a stored line as the sheet has it; texts as a cell would be read."""
    match field.name:
        case "project":
            return line.project.code if line.project else ""
        case "member":
            return line.member_id or ""
        case "description" | "unit":
            return values.text(getattr(line, str(field.attribute))) or ""
        case _:
            return getattr(line, str(field.attribute))


@register
class KpiSheet(OfApplication):
    """F-01 KPI計画: the indicators of the application's initiatives with their yearly path."""

    class Sheet:
        id, title = "F-01", "KPI計画"
        action = DRAFT

    hint = "申請書の手順5のKPI。取組コードとKPI番号で見分け、新しい指標は番号を続けます。"
    step = "kpi"

    project = SheetField(
        "取組コード", Listed("projects"), key=True, required=True, attribute="project", synonyms=("取組",)
    )
    number = SheetField("KPI番号", Whole(most=999), key=True, required=True, attribute="number", synonyms=("番号",))
    title_of = SheetField("KPI名", Text(100), required=True, attribute="name", synonyms=("指標名", "指標"))
    unit = SheetField("単位", Text(20), required=True, attribute="unit")
    kind = SheetField("種別", Choice(dict(Kpi.Kind.choices)), required=True, attribute="kind")
    direction = SheetField("方向", Choice(dict(Kpi.Direction.choices)), required=True, attribute="direction")
    baseline = SheetField("基準値", Baseline(3), required=True, attribute="baseline")
    baseline_fy = SheetField("基準年度", FiscalYear(), attribute="baseline_fy")
    target = SheetField("目標値", Number(3), attribute="target")
    qualifier = SheetField(
        "条件",
        Choice({value: label for value, label in Kpi.Qualifier.choices if value}, also={"（なし）": "", "なし": ""}),
        attribute="qualifier",
    )
    target_fy = SheetField("目標年度", FiscalYear(), required=True, attribute="target_fy")
    data_source = SheetField("データの出所", Text(120), attribute="data_source", synonyms=("出所", "データの出典"))

    def prepare(self, ctx: Context) -> None:
        super().prepare(ctx)
        ctx.lookups |= {"years": years_of(ctx.lookups["application"]), "kpis": kpis_of(ctx.lookups["application"])}

    def fields_of(self, headings: Sequence[str], ctx: Context) -> tuple[SheetField, ...]:
        """A column for each year of the path: 「令和8年度の計画値」, 「R8 計画」, 「2026年度」."""
        found = []
        for heading in headings:
            plain = heading.replace("計画値", "").replace("計画", "").replace("目標値", "").rstrip("の 　（）()")
            try:
                year = values.fiscal_year(plain)
            except Unreadable:
                continue
            if year is not None and int(year) in ctx.lookups["years"]:
                one = SheetField(heading, Number(3), attribute=f"y{int(year)}")
                one.name = f"y{int(year)}"
                found.append(one)
        return tuple(found)

    def empty_value(self, field: SheetField) -> Value:
        return {"qualifier": "", "data_source": ""}.get(field.name)

    def check(self, records: Rows, ctx: Context) -> Iterable[Problem]:
        """What the form of the wizard says too: a baseline has its year, a target its value, and it lies later."""
        self.demand_open(ctx)
        columns = {name: records[name] if name in records else [None] * len(records) for name in CHECKED}
        for at in range(len(records)):
            row = {name: column[at] for name, column in columns.items()}
            if isinstance(row["baseline"], Decimal) and row["baseline_fy"] is None and "baseline_fy" in records:
                yield Problem(at, "baseline_fy", "E-75")
            if "target" in records and row["target"] is None and row["qualifier"] != Kpi.Qualifier.ALL:
                yield Problem(at, "target", "E-76")
            first, last = row["baseline_fy"], row["target_fy"]
            if first is not None and last is not None and last <= first:
                yield Problem(at, "target_fy", "E-77")
        last_numbers: dict[str, int] = {}
        for project, number in ctx.lookups["kpis"]:
            last_numbers[project] = max(number, last_numbers.get(project, 0))
        for project in dict.fromkeys(records["project"]):
            rows = [(at, key) for at, key in enumerate(records.keys) if key[0] == project]
            known = {number for code, number in ctx.lookups["kpis"] if code == project}
            for one in _following(
                [(key[1],) for _, key in rows], last_numbers.get(project or "", 0), frozenset(), known=known
            ):
                at = rows[one.index][0]
                if at not in records.bad:
                    yield Problem(at, one.field, one.id, one.parts)

    def standing(self, keys: Sequence[Key], ctx: Context) -> Mapping[Key, tuple[Value, ...]]:
        ctx.lookups["kpis"] = kpis_of(ctx.lookups["application"])
        return {key: tuple(of_kpi(kpi, one) for one in ctx.stored) for key, kpi in ctx.lookups["kpis"].items()}

    def write(self, new: Rows, changed: Rows, ctx: Context) -> None:
        kpis = [
            self._input(dict(zip([one.name for one in ctx.stored], row, strict=True)), ctx)
            for rows in (changed, new)
            for row in sorted(rows.tuples(ctx.stored), key=lambda row: row[:2])
        ]
        fieldwork.save_kpis(application_id=ctx.lookups["application"].pk, viewer=ctx.viewer, kpis=kpis)

    def _input(self, row: dict[str, Value], ctx: Context) -> KpiInput:
        project, number = row["project"], row["number"]
        old: Kpi | None = ctx.lookups["kpis"].get((project, number))
        given = {name: getattr(old, name) for name in (*DRAFT_FIELDS, "cumulative")} if old else {}
        yearly = {target.fiscal_year: target.value for target in old.targets.all()} if old else {}
        for name, value in row.items():
            if name.startswith("y") and name[1:].isdecimal():
                yearly |= {int(name[1:]): value}
            elif name not in ("project", "number"):
                given["name" if name == "title_of" else name] = None if value == NEW else value
        draft = KpiDraft(**given, yearly={year: value for year, value in yearly.items() if value is not None})
        return KpiInput(ctx.lookups["project_ids"][project], draft, number if old else None)

    def remove(self, rows: Rows, ctx: Context) -> None:
        removed = [(ctx.lookups["project_ids"][project], int(number)) for project, number in rows.keys]
        fieldwork.save_kpis(application_id=ctx.lookups["application"].pk, viewer=ctx.viewer, kpis=[], removed=removed)


CHECKED = ("baseline", "baseline_fy", "target", "qualifier", "target_fy")


def kpis_of(application: Application) -> dict[tuple[str, int], Kpi]:
    """The indicators of the application's initiatives by code of the initiative and number, in this order."""
    found = Kpi.objects.filter(project__in=application.items.values("project"))
    rows = found.select_related("project").prefetch_related("targets").order_by("project__code", "number")
    return {(kpi.project.code, kpi.number): kpi for kpi in rows}


def years_of(application: Application) -> list[int]:
    """The fiscal years of the path, as the wizard shows them."""
    rules = rules_of(application.call.ruleset)
    return kpi_years(application, application.fiscal_year, int(rules.value("fy_to")))


def of_kpi(kpi: Kpi, field: SheetField) -> Value:
    """The value of a stored indicator as the sheet has it."""
    match field.name:
        case "project":
            return kpi.project.code
        case "title_of" | "unit" | "data_source":
            return values.text(getattr(kpi, str(field.attribute))) or ""
        case "baseline":
            return NEW if kpi.baseline_is_new else kpi.baseline
        case name if name.startswith("y"):
            year = int(name[1:])
            return next((target.value for target in kpi.targets.all() if target.fiscal_year == year), None)
        case _:
            return getattr(kpi, str(field.attribute))


def year_heading(year: int) -> str:
    """令和8年度の計画値."""
    return f"{Year(year).wareki}の計画値"


def _following(
    keys: Sequence[Key], last: int, bad: frozenset[int], *, known: set[int] | None = None
) -> Iterator[Problem]:
    """E-71 for numbers that are neither known nor follow the last one without a gap."""
    present = set(range(1, last + 1)) if known is None else known
    expected = last + 1
    for number, at in sorted((int(key[0]), at) for at, key in enumerate(keys) if key[0] is not None):
        if number in present or at in bad:
            continue
        if number == expected:
            expected += 1
        else:
            yield Problem(at, "number", "E-71", {"expected": expected})
