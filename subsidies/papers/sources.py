"""What several papers of an application share: heads, names, shares, conditions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Min
from django.utils import timezone

from common.documents import Head
from common.fiscal_year import FiscalYear
from municipalities.acting import head_of
from municipalities.models import Municipality

from ..grants import allocation_of
from ..models import Application, Decision, Participant, SupportYear
from ..rules.ruleset import RuleSet
from ..rulesets import rules_of
from ..shares import shares
from .schema import Conditions, Project, Reduction, Reference, Split, SplitRow, Support

KINDS = "市町村"


def rules(application: Application) -> RuleSet:
    return rules_of(application.call.ruleset)


def number(application: Application, name: str) -> int | None:
    """Return a whole number of the ruleset in force, None where this ruleset does not set it."""
    setting = rules(application).settings.get(name)
    return None if setting is None or setting.value is None else int(setting.value)


def grant_name(application: Application) -> str:
    """地域づくり総合交付金（広域連携加速化事業）, or the program alone where no grant stands over it."""
    program = application.call.program
    return f"{program.umbrella}（{program.name}）" if program.umbrella else program.name


def bureau_head(application: Application) -> str:
    """北海道後志総合振興局長."""
    bureau = application.lead_bureau
    return f"{application.region.prefecture.name}{bureau.short_name}{bureau.head_title}"


def authority(application: Application) -> str:
    """The office in whose name is decided: the bureau's head, or the governor."""
    if rules(application).value("decision_authority") == "bureau":
        return bureau_head(application)
    prefecture = application.region.prefecture
    return str(prefecture.terms.get("governor", f"{prefecture.name}知事"))


def lead_lines(application: Application) -> tuple[str, str]:
    """後志１７町村連携地域 / 代表　京極町長, or who acts for the mayor today."""
    return application.region.name, f"代表　{head_of(application.lead)}"


def letter_head(kind: str, label: str, application: Application, sender: str, *heading: str) -> Head:
    """The head of a letter to the lead; number and date are filled in when it is issued."""
    form = _form(kind, application)
    return Head(
        title=_title(label, application),
        heading=heading or (grant_name(application), label),
        form_no=form.get("form_no", ""),
        addressee=lead_lines(application),
        sender=(sender,),
        seal_omitted=bool(form.get("seal_omitted", True)),
    )


def form_head(kind: str, label: str, application: Application, *heading: str) -> Head:
    """The head of a form that the lead hands in under its own number."""
    return Head(
        title=_title(label, application),
        heading=heading or (f"{FiscalYear(application.fiscal_year).wareki}　{grant_name(application)}", label),
        form_no=_form(kind, application).get("form_no", ""),
        number=application.lead_document_no,
        addressee=(authority(application),),
        sender=lead_lines(application),
    )


def inner_head(kind: str, label: str, application: Application, *sender: str) -> Head:
    """The head of a record of the office itself: no addressee."""
    return Head(
        title=_title(label, application),
        heading=(label,),
        form_no=_form(kind, application).get("form_no", ""),
        sender=sender,
        numbered=False,
    )


def _title(label: str, application: Application) -> str:
    year = FiscalYear(application.fiscal_year).wareki
    return f"{label}（{application.region.name}、{year} {application.call.program.name}）"


def _form(kind: str, application: Application) -> dict[str, Any]:
    """What the prefecture configured for this paper of this program: form_no (様式第6号（第7条関係）), seal_omitted.

    `Prefecture.terms["forms"]` is {program code: {paper: {…}}}; the program "*" stands for all.
    """
    forms = application.region.prefecture.terms.get("forms", {})
    configured = forms.get(application.call.program_id, forms.get("*", {})).get(kind, {})
    return dict(configured)


def instruction(kind: str, application: Application) -> str:
    """The 教示 that the configuration prints on this paper; empty where the disposition carries none.

    Whether an objection is open to a municipality depends on the ordinance, so the words are the prefecture's.
    """
    return str(_form(kind, application).get("instruction", ""))


def member_word(municipalities: Iterable[Municipality]) -> str:
    """町村, 市町, 市町村 …: what the members are together."""
    kinds = {"市" if town.kind in ("政令市", "市") else town.kind for town in municipalities}
    return "".join(kind for kind in KINDS if kind in kinds) or KINDS


def parts_of(application: Application) -> list[Participant]:
    """The participants in the order of their codes, with their municipalities."""
    return list(application.parts.select_related("municipality").order_by("municipality"))


def projects_of(application: Application) -> tuple[Project, ...]:
    """The initiatives in the order of the application, main field first."""
    items = application.items.select_related("project__main_field").prefetch_related("project__fields")
    return tuple(
        Project(
            item.project.name,
            tuple(
                dict.fromkeys(
                    field.name for field in (item.project.main_field, *item.project.fields.all()) if field is not None
                )
            ),
        )
        for item in items.order_by("order", "id")
    )


def application_reference(application: Application) -> Reference:
    """The day on which it was submitted and the number it bore. Raises ValueError before submission."""
    if application.submitted_at is None:
        raise ValueError("提出前の申請には文書番号がありません。")
    return Reference(application.lead_document_no, timezone.localdate(application.submitted_at))


def decision_reference(application: Application, kind: Decision.Kind) -> Reference | None:
    """The day and number of the valid decision of a kind; None where there is none."""
    decision = application.decisions.filter(kind=kind, superseded_by=None).order_by("-id").first()
    return reference_of(decision) if decision else None


def reference_of(decision: Decision) -> Reference:
    """The day of a decision and the number of its letter."""
    number = decision.document.number if decision.document else None
    return Reference(number.text if number else "", decision.decided_on)


def support_of(application: Application) -> Support | None:
    """Which year of support this is, as the ruleset counts; None where it limits no years."""
    longest = number(application, "max_years")
    if longest is None:
        return None
    supported = SupportYear.objects.filter(
        program=application.call.program_id, region=application.region_id, fiscal_year__lt=application.fiscal_year
    )
    if rules(application).value("year_counting") == "count":
        year = supported.values("fiscal_year").distinct().count() + 1
    else:
        first = supported.aggregate(first=Min("fiscal_year"))["first"] or application.fiscal_year
        year = application.fiscal_year - first + 1
    return Support(year, longest, int(rules(application).value("fy_to")))


def conditions_of(application: Application, extra: str) -> Conditions:
    """The numbers of the standard conditions, and those that the decider added, one a line."""
    last = rules(application).settings.get("report_last_day")
    report_last_on = None
    if last is not None:
        month, day = str(last.value).split("-")
        report_last_on = date(application.fiscal_year + 1, int(month), int(day))
    return Conditions(
        report_days=number(application, "report_days"),
        report_last_on=report_last_on,
        books_years=number(application, "retention_years"),
        extra=tuple(line.strip() for line in extra.splitlines() if line.strip()),
    )


def split_of(application: Application, amount_yen: int, amount_label: str) -> Split:
    """The share of each member of an amount."""
    parts = parts_of(application)
    unit = number(application, "rounding_unit") or 1
    given = shares(parts, amount_yen, unit, application.lead_id)
    word = f"構成{member_word(part.municipality for part in parts)}"
    if rules(application).value("grantee_mode") == "lead":
        remark = (
            f"{amount_label}は代表市町村に一括して交付し、{word}は地域連携協定の定めによりこの内訳で精算する。".replace(
                "代表市町村", f"代表{application.lead.name[-1]}"
            )
        )
    else:
        remark = f"{word}のそれぞれに、この内訳により交付する。"
    if sum(part.split_yen for part in parts) != amount_yen:
        remark += "減額は申請のときの配分の割合により、端数は代表の配分に加えた。"
    return Split(
        heading=f"{word}別の内訳",
        member_word=word.removeprefix("構成"),
        amount_label=amount_label,
        rows=tuple(
            SplitRow(
                name=part.municipality.name,
                lead=part.municipality_id == application.lead_id,
                agreed_on=part.consented_on,
                amount_yen=given[part.municipality_id],
            )
            for part in parts
        ),
        total_amount_yen=amount_yen,
        remark=remark,
    )


def reductions_of(application: Application) -> tuple[Reduction, ...]:
    """The cost lines that were cut, with their reasons."""
    rows = application.reductions.select_related("cost").order_by("cost__number")
    return tuple(
        Reduction(
            description=f"{row.cost.get_category_display()}（{row.cost.description}）",
            requested_yen=row.cost.eligible_yen,
            allowed_yen=row.cost.eligible_yen - row.amount_yen,
            difference_yen=-row.amount_yen,
            reason=row.reason,
        )
        for row in rows
    )


def allocation_row(application: Application, amount_yen: int) -> tuple[Reduction, ...]:
    """The cut that the adopted distribution of the round made, with its reason; none where it cut nothing."""
    line = allocation_of(application)
    if line is None or line.amount_yen >= application.requested_yen or amount_yen > line.amount_yen:
        return ()
    cut = line.amount_yen - application.requested_yen
    text = "交付額（予算の範囲内での調整）"
    return (Reduction(text, application.requested_yen, line.amount_yen, cut, line.reason),)
