"""The whole content of an application as plain JSON: frozen at each submission, compared between versions and years."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from common import clock
from common.fiscal_year import FiscalYear, parse_day, wareki
from common.models import StoredFile
from common.viewer import Viewer
from common.yen import show_yen

from .models import Application, Snapshot
from .rows import with_rows

Content = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """One line of a comparison; `changed` is False where both versions say the same."""

    section: str
    label: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


def content_of(application: Application, files: Iterable[StoredFile] | None = None) -> Content:
    """Return everything the towns wrote, as JSON: header, participants, initiatives, costs, incomes, KPIs, files.

    Amounts are whole yen, days ISO, codes 6 digits. A constant number of queries. `files` are its attached files as
    towns see them, where a page has asked for them already.
    """
    rows = with_rows(application)
    if files is None:
        files = StoredFile.objects.of(application).filter(internal=False)
    return {
        "number": application.number,
        "program": application.call.program_id,
        "fiscal_year": application.fiscal_year,
        "phase": application.phase,
        "region": {"code": application.region_id, "name": application.region.name},
        "lead": application.lead_id,
        "lead_document_no": application.lead_document_no,
        "applicant_kind": application.applicant_kind,
        "title": application.title,
        "purpose": application.purpose,
        "plan": application.plan,
        "start_on": _iso(application.start_on),
        "end_on": _iso(application.end_on),
        "early_start": application.early_start,
        "other_subsidy": application.other_subsidy,
        "other_subsidy_note": application.other_subsidy_note,
        "cost_sharing_note": application.cost_sharing_note,
        "self_running_plan": application.self_running_plan,
        "self_running_lines": [
            {"member": line.member_id, "fiscal_year": line.fiscal_year, "funding": line.funding, "yen": line.amount_yen}
            for line in rows.self_running_lines.all()
        ],
        "subgroup": {"name": application.subgroup_name, "decided_on": _iso(application.subgroup_decided_on)},
        "requested_yen": application.requested_yen,
        "declared": application.declared,
        "participants": [
            {
                "code": part.municipality_id,
                "name": part.municipality.name,
                "consent": part.consent,
                "consented_on": _iso(part.consented_on),
                "document_no": part.consent_document_no,
                "split_yen": part.split_yen,
                "burden_yen": part.burden_yen,
                "role": part.role,
            }
            for part in rows.parts.all()
        ],
        "projects": [
            {
                "code": item.project.code,
                "id": item.project_id,
                "name": item.project.name,
                "main_field": item.project.main_field.name if item.project.main_field else "",
                "fields": [field.name for field in item.project.fields.all()],
                "secretariat": item.project.secretariat.name if item.project.secretariat else "",
                "participants": [town.name for town in item.project.participants.all()],
                "outline": item.project.outline,
                "scale": item.scale,
                "content": item.content,
                "kpis": [
                    {
                        "number": kpi.number,
                        "name": kpi.name,
                        "unit": kpi.unit,
                        "kind": kpi.get_kind_display(),
                        "baseline": "新規" if kpi.baseline_is_new else _plain(kpi.baseline),
                        "baseline_fy": kpi.baseline_fy,
                        "target": _plain(kpi.target),
                        "qualifier": kpi.get_qualifier_display() if kpi.qualifier else "",
                        "target_fy": kpi.target_fy,
                        "data_source": kpi.data_source,
                        "targets": [[row.fiscal_year, _plain(row.value)] for row in kpi.targets.all()],
                    }
                    for kpi in item.project.kpis.all()
                ],
            }
            for item in rows.items.all()
        ],
        "costs": [
            {
                "number": line.number,
                "project": line.project.name if line.project else "",
                "member": line.member.name if line.member else "",
                "category": line.get_category_display(),
                "description": line.description,
                "quantity": _plain(line.quantity),
                "unit": line.unit,
                "unit_price_yen": line.unit_price_yen,
                "amount_yen": line.amount_yen,
                "eligible_yen": line.eligible_yen,
                "is_hard": line.is_hard,
                "other_subsidy": line.other_subsidy,
            }
            for line in rows.costs.all()
        ],
        "incomes": [
            {
                "number": line.number,
                "kind": line.get_kind_display(),
                "member": line.member.name if line.member else "",
                "description": line.description,
                "amount_yen": line.amount_yen,
            }
            for line in rows.incomes.all()
        ],
        "files": [{"label": file.label, "name": file.name, "sha256": file.sha256} for file in files],
    }


def consent_key(application: Application) -> str:
    """Return the hash of what a participant agrees to: amounts, shares, members, initiatives and the period.

    Consents given for one key stay valid while the key stays the same (T04, T10).
    """
    content = {
        "requested_yen": application.requested_yen,
        "period": [_iso(application.start_on), _iso(application.end_on)],
        "parts": sorted(application.parts.values_list("municipality", "split_yen", "burden_yen")),
        "projects": sorted(application.items.values_list("project", flat=True)),
        "costs": sorted(application.costs.values_list("number", "amount_yen", "eligible_yen")),
    }
    return _digest(content)


def freeze(application: Application, viewer: Viewer) -> Snapshot:
    """Store the content as the next version; it is never edited."""
    data = content_of(application)
    last = application.snapshots.order_by("-version").values_list("version", flat=True).first() or 0
    return Snapshot.objects.create(
        application=application,
        version=last + 1,
        phase=application.phase,
        data=data,
        sha256=_digest(data),
        at=clock.now(),
        by_id=viewer.person,
    )


def differences(before: Content, after: Content) -> list[Change]:
    """Compare two contents line by line, in the order of the form; unchanged lines are included."""
    old, new = dict(_lines(before)), dict(_lines(after))
    keys = list(dict.fromkeys([*new, *old]))
    return [
        Change(section, label, old.get((section, label), "－"), new.get((section, label), "－"))
        for section, label in keys
    ]


def _lines(content: Content) -> Iterator[tuple[tuple[str, str], str]]:
    """The readable lines of a content: ((section, label), text)."""
    names = {part["code"]: part["name"] for part in content["participants"]}
    yield ("概要", "事業名"), content["title"]
    yield ("概要", "目的"), content["purpose"]
    yield ("概要", "事業の内容"), content["plan"]
    yield ("概要", "実施期間"), f"{_day(content['start_on'])}–{_day(content['end_on'])}"
    yield ("概要", "代表市町村"), str(names.get(content["lead"], content["lead"]))
    yield ("概要", "申請額"), f"{show_yen(content['requested_yen'])}円"
    yield ("概要", "費用負担・役割分担"), content["cost_sharing_note"]
    yield ("概要", "支援終了後の見通し"), content["self_running_plan"]
    yield ("構成市町村", "構成"), "、".join(names.values())
    for part in content["participants"]:
        yield ("構成市町村", part["name"]), f"配分{show_yen(part['split_yen'])}円／負担{show_yen(part['burden_yen'])}円"
    for project in content["projects"]:
        label = project["name"]
        others = [name for name in project["fields"] if name != project["main_field"]]
        fields = "、".join([f"{project['main_field']}（主）", *others])
        yield ("取組", f"{label}：分野"), fields
        yield ("取組", f"{label}：内容"), project["content"]
        yield ("取組", f"{label}：規模"), project["scale"]
        for kpi in project["kpis"]:
            path = "、".join(f"{FiscalYear(year).short} {show_figure(value or '－')}" for year, value in kpi["targets"])
            yield (
                ("KPI", f"{label}：{kpi['name']}"),
                f"基準{show_figure(kpi['baseline'] or '－')}→目標{show_figure(kpi['target'] or '－')}"
                f"{kpi['unit']}{kpi['qualifier']}（{path}）",
            )
    for line in content["costs"]:
        quantity = f"{show_figure(line['quantity'])}{line['unit']}" if line["quantity"] else ""
        priced = f"{quantity}×{show_yen(line['unit_price_yen'])}円　" if quantity else ""
        yield (
            ("経費", f"{line['number']}　{line['category']}"),
            f"{line['description']}　{priced}{show_yen(line['amount_yen'])}円"
            f"（対象{show_yen(line['eligible_yen'])}円）",
        )
    for line in content["incomes"]:
        yield ("収入", f"{line['number']}　{line['kind']}"), f"{line['description']}　{show_yen(line['amount_yen'])}円"
    for file in content["files"]:
        yield ("添付書類", file["label"]), file["name"]


def _day(text: str | None) -> str:
    return wareki(parse_day(text)) if text else "－"


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def show_figure(text: str) -> str:
    """A figure of the content as readers see it: 12000 as 12,000, -3.5 as ▲3.5; words such as 新規 stay."""
    sign, digits = ("▲", text[1:]) if text.startswith("-") else ("", text)
    whole, dot, rest = digits.partition(".")
    return f"{sign}{int(whole):,}{dot}{rest}" if whole.isdecimal() else text


def _plain(value: Any) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _digest(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()
