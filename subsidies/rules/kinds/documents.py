"""Rules about the papers a region needs: agreement, vision, forward plan, conference, consultation."""

from __future__ import annotations

from typing import Any

from common.fiscal_year import FiscalYear, wareki

from ..exact import names_text
from ..facts import AgreementFacts, ApplicationFacts, ConsentState
from ..values import Parameter, ValueType
from ..verdict import Finding, failed, judge_needed, no_data, not_applicable, passed
from .base import Values, kind

WINDOW = Parameter("window_years", ValueType.YEARS, "さかのぼる年度の数", "申請年度と、その前のこの数の年度を見ます。")


def _names(facts: ApplicationFacts, codes: list[str]) -> str:
    names = {item.code: item.name for item in facts.participants}
    return names_text([names.get(code, code) for code in codes])


def in_force(agreement: AgreementFacts | None, facts: ApplicationFacts) -> bool:
    """Whether the agreement is in force on the day that counts."""
    if agreement is None or agreement.in_force_on is None or agreement.in_force_on > facts.judged_on:
        return False
    return agreement.ended_on is None or agreement.ended_on >= facts.judged_on


@kind(
    "agreement",
    "地域連携協定の締結",
    "効力のある協定があり、申請に参加するすべての市町村が同意し、取組の分野を含んでいることを求めます。"
    "大枠の協定では分野を見ません。",
    Parameter(
        "mode",
        ValueType.CHOICE,
        "協定の形",
        "",
        {"required": "必須", "framework": "大枠の協定で可", "none": "求めない"},
    ),
    needs=("agreement", "participants"),
)
def agreement(facts: ApplicationFacts, values: Values) -> Finding:
    """C-03: in force on submission; every participant's consent given; covers the projects' main fields."""
    found, count = facts.agreement, len(facts.participants)
    if found is None:
        return failed(
            f"地域連携協定がまだありません。提出までに、全市町村が同意した協定の登録が必要です（同意 0／{count}）。",
            inputs={"consents": 0, "participants": count},
            compared=(("協定", "未登録"),),
            nearest_change={"register": "agreement"},
        )
    given = {consent.code for consent in found.consents if consent.state == ConsentState.DONE}
    missing = [item.code for item in facts.participants if item.code not in given]
    states = {consent.code: consent.state for consent in found.consents}
    known: dict[str, Any] = {
        "inputs": {
            "version": found.version,
            "in_force_on": found.in_force_on,
            "consents": count - len(missing),
            "participants": count,
        },
        "compared": (
            ("協定", f"{found.title}（第{found.version}版）"),
            ("効力の発生", wareki(found.in_force_on) or "未発効"),
            ("同意", f"{count - len(missing)}／{count}"),
        ),
    }
    if "consents" in found.unknown:
        return no_data(found.unknown["consents"], **known)
    if missing:
        waiting = [code for code in missing if states.get(code) == ConsentState.COUNCIL]
        note = f"議決待ち：{_names(facts, waiting)}。" if waiting else ""
        return failed(
            f"未同意の構成市町村があります（{len(missing)}件：{_names(facts, missing)}）。{note}",
            nearest_change={"missing_consents": missing},
            **known,
        )
    if found.in_force_on is None and "in_force_on" in found.unknown:
        return no_data(found.unknown["in_force_on"], **known)
    if not in_force(found, facts):
        state = "まだ効力を生じていません" if found.ended_on is None else f"{wareki(found.ended_on)}で終了しています"
        return failed(f"地域連携協定（{found.title}）は{state}。", **known)
    if values["mode"] == "required" and found.fields:
        outside = [
            project for project in facts.projects if project.main_field and project.main_field not in found.fields
        ]
        if outside:
            listed = names_text([f"「{project.name}」（{project.main_field}）" for project in outside])
            return failed(
                f"協定に含まれていない分野の取組があります：{listed}。",
                nearest_change={"amend_agreement_fields": sorted({project.main_field for project in outside})},
                **known,
            )
    return passed(f"協定は{wareki(found.in_force_on)}に効力を生じ、{count}市町村とも同意済みです。", **known)


@kind(
    "vision",
    "地域連携ビジョンの策定",
    "策定済みのビジョンの期間に申請年度が入り、取組が載っていることを求めます。簡易なビジョンでは取組の記載を見ません。",
    Parameter(
        "mode",
        ValueType.CHOICE,
        "ビジョンの形",
        "",
        {"required": "必須", "light": "簡易なもので可", "none": "求めない"},
    ),
    needs=("vision", "projects"),
)
def vision(facts: ApplicationFacts, values: Values) -> Finding:
    """C-04: an adopted version whose term contains the fiscal year and which lists the projects."""
    found, year = facts.vision, facts.region.fiscal_year
    if found is None:
        return failed(
            "地域連携ビジョンがまだありません。",
            compared=(("ビジョン", "未登録"),),
            nearest_change={"register": "vision"},
        )
    term = (
        f"{FiscalYear(found.first_year).wareki}から{FiscalYear(found.last_year).wareki}まで"
        if found.first_year and found.last_year
        else "－"
    )
    known: dict[str, Any] = {
        "inputs": {
            "version": found.version,
            "adopted_on": found.adopted_on,
            "first_year": found.first_year,
            "last_year": found.last_year,
        },
        "compared": (("ビジョン", f"{found.title}（第{found.version}版）"), ("期間", term)),
    }
    for name in ("adopted_on", "first_year", "last_year"):
        if getattr(found, name) is None and name in found.unknown:
            return no_data(found.unknown[name], **known)
    if found.adopted_on is None or found.adopted_on > facts.judged_on:
        return failed(f"地域連携ビジョン（第{found.version}版）はまだ策定されていません。", **known)
    if found.first_year is None or found.last_year is None or not found.first_year <= year <= found.last_year:
        return failed(
            f"ビジョンの期間（{term}）に{FiscalYear(year).wareki}が入っていません。",
            nearest_change={"revise_vision_for": year},
            **known,
        )
    if values["mode"] == "required":
        if "projects" in found.unknown:
            return no_data(found.unknown["projects"], **known)
        if unlisted := [project.name for project in facts.projects if project.name not in found.projects]:
            return failed(
                f"ビジョンに載っていない取組があります：{names_text([f'「{name}」' for name in unlisted])}。",
                nearest_change={"list_in_vision": unlisted},
                **known,
            )
        return passed(f"ビジョン（第{found.version}版）に取組が載っています。", **known)
    return passed(f"ビジョン（第{found.version}版）の期間に入っています。", **known)


@kind(
    "forward_plan",
    "広域連携前進プランへの記載",
    "主管の振興局の前進プランが策定済みで、期間に申請年度が入り、この地域が載っていることを求めます。",
    needs=("forward_plan",),
)
def forward_plan(facts: ApplicationFacts, values: Values) -> Finding:
    """A-06: an adopted plan of the lead bureau covers the fiscal year and lists the region."""
    plan, year = facts.forward_plan, facts.region.fiscal_year
    if plan is None:
        bureau = facts.region.lead_bureau_name or "主管の振興局"
        return failed(
            f"{bureau}の広域連携前進プランが登録されていません。",
            compared=(("前進プラン", "未登録"),),
            nearest_change={"register": "forward_plan"},
        )
    known: dict[str, Any] = {
        "inputs": {
            "adopted_on": plan.adopted_on,
            "first_year": plan.first_year,
            "last_year": plan.last_year,
            "lists_region": plan.lists_region,
        },
        "compared": (
            ("前進プラン", f"{plan.bureau_name}（第{plan.version}版）"),
            ("策定", wareki(plan.adopted_on) or "未策定"),
            ("この地域の記載", "あり" if plan.lists_region else "なし"),
        ),
    }
    if plan.adopted_on is None or plan.adopted_on > facts.judged_on:
        return failed(f"{plan.bureau_name}の前進プランはまだ策定されていません。", **known)
    if plan.first_year is None or year < plan.first_year or (plan.last_year is not None and year > plan.last_year):
        return failed(f"{plan.bureau_name}の前進プランの期間に{FiscalYear(year).wareki}が入っていません。", **known)
    if not plan.lists_region:
        return failed(
            f"{plan.bureau_name}の前進プランに、この地域が載っていません。",
            nearest_change={"list_in_forward_plan": plan.bureau_name},
            **known,
        )
    return passed(f"{plan.bureau_name}の前進プラン（{wareki(plan.adopted_on)}策定）に載っています。", **known)


@kind(
    "conference",
    "検討会議での意見交換",
    "主管の振興局の検討会議が、申請年度かその前の年度に開かれていることを求めます。",
    WINDOW,
    needs=("conference",),
)
def conference(facts: ApplicationFacts, values: Values) -> Finding:
    """A-07: at least one meeting held in the fiscal year or the years of the window before it."""
    held, year, window = facts.conference, facts.region.fiscal_year, values["window_years"]
    meetings = [
        meeting
        for meeting in (held.meetings if held else ())
        if year - window <= FiscalYear.of(meeting.on) <= year and meeting.on <= facts.judged_on
    ]
    span = f"{FiscalYear(year - window).wareki}から{FiscalYear(year).wareki}まで"
    known: dict[str, Any] = {
        "inputs": {"meetings": [meeting.on for meeting in meetings], "window_years": window},
        "compared": (
            ("対象の期間", span),
            ("開催", names_text([wareki(meeting.on) for meeting in meetings]) or "なし"),
        ),
    }
    if meetings:
        return passed(f"検討会議を{wareki(meetings[-1].on)}に開いています。", **known)
    return failed(
        f"{span}に、検討会議での意見交換の記録がありません。",
        nearest_change={"hold": "conference"},
        **known,
    )


@kind(
    "zone_plan_equivalent",
    "同等のプラン",
    "国の制度の圏域のプランなどを、前進プランや検討会議と同等のものとして登録しているかを見ます。認めるかどうかは職員が確認します。",
    needs=("equivalence",),
)
def zone_plan_equivalent(facts: ApplicationFacts, values: Values) -> Finding:
    """N-05: a registered equivalent waives plan and conference once staff has confirmed it."""
    found = facts.equivalence
    if found is None:
        return failed("同等のプランは登録されていません。", compared=(("同等のプラン", "なし"),))
    known: dict[str, Any] = {
        "inputs": {"title": found.title, "confirmed": found.confirmed},
        "compared": (("同等のプラン", found.title), ("確認", "済み" if found.confirmed else "未確認")),
    }
    if found.confirmed:
        return passed(f"「{found.title}」を同等のプランとして確認済みです。", **known)
    return judge_needed(f"「{found.title}」を前進プランなどと同等と認めるかどうかの判断が必要です。", **known)


@kind(
    "pre_consultation",
    "事前協議",
    "提出までに、道と市町村の事前協議を1回以上終えていることを求めます。",
    needs=("pre_consultations_closed_on",),
)
def pre_consultation(facts: ApplicationFacts, values: Values) -> Finding:
    """N-07: at least one closed pre-consultation record, before submission where that day is known."""
    until = facts.submitted_on
    closed = [day for day in facts.pre_consultations_closed_on if until is None or day <= until]
    known: dict[str, Any] = {
        "inputs": {"closed_on": closed},
        "compared": (("事前協議", names_text([wareki(day) for day in closed]) or "なし"),),
    }
    if closed:
        return passed(f"事前協議を{wareki(max(closed))}に終えています。", **known)
    return failed("事前協議がまだ終わっていません。", nearest_change={"finish": "pre_consultation"}, **known)


@kind(
    "subgroup_of_framework",
    "大枠の協定と部会",
    "構成市町村の一部（部会）で申請するときは、大枠の協定に基づく部会の決定の記録があることを求めます。",
    Parameter("min_members", ValueType.COUNT, "部会の最少市町村数"),
    needs=("agreement", "participants", "subgroup", "region_members"),
)
def subgroup_of_framework(facts: ApplicationFacts, values: Values) -> Finding:
    """N-04: fewer than all members apply only as a sub-group of a framework agreement with a decision record."""
    group, least = facts.subgroup, values["min_members"]
    members = {item.code for item in facts.region_members}
    taking_part = {item.code for item in facts.participants}
    known: dict[str, Any] = {
        "inputs": {"participants": len(taking_part), "members": len(members), "min_members": least},
        "compared": (
            ("参加", f"{len(taking_part)}／{len(members)}市町村"),
            ("部会の決定", wareki(group.decided_on) if group and group.decided_on else "なし"),
        ),
    }
    if taking_part >= members:
        return passed("構成市町村がすべて参加する申請です。", **known)
    if facts.agreement is None or not facts.agreement.framework:
        return failed("一部の市町村で申請するには、大枠の協定（部会を置くもの）が必要です。", **known)
    if len(taking_part) < least:
        return failed(f"部会は{least}市町村以上で申請してください。", **known)
    if group is None or group.decided_on is None or group.decided_on > facts.judged_on:
        return failed("部会の決定の記録がありません。", nearest_change={"register": "subgroup_decision"}, **known)
    return passed(
        f"部会「{group.name}」が{wareki(group.decided_on)}に決定しています（{len(taking_part)}市町村）。", **known
    )


@kind(
    "membership_amended",
    "構成市町村の変更と協定の改定",
    "構成市町村が変わったときは、協定を改定してから使うことを求めます。地域の支援年数は引き続き数えます。",
    needs=("agreement", "region_members"),
)
def membership_amended(facts: ApplicationFacts, values: Values) -> Finding:
    """A-15: every member is bound by the agreement in force; newcomers have no support clock of their own."""
    found, members = facts.agreement, {item.code: item.name for item in facts.region_members}
    if found is None:
        return not_applicable("地域連携協定を登録した後に確認します。")
    if "parties" in found.unknown:
        return no_data(found.unknown["parties"])
    before = facts.region.support.members
    joined = [code for code in members if before and code not in before]
    unbound = [code for code in members if code not in found.parties]
    left = [code for code in found.parties if code not in members]
    newcomers = names_text([members[code] for code in joined])
    known: dict[str, Any] = {
        "inputs": {"joined": joined, "not_in_agreement": unbound, "left": left},
        "compared": (
            ("前回の支援から加入", newcomers or "なし"),
            ("協定", f"{found.title}（第{found.version}版）"),
        ),
    }
    if unbound or left:
        who = names_text([members[code] for code in unbound]) if unbound else f"{len(left)}市町村の脱退"
        return failed(
            f"構成市町村の変更（{who}）を反映した協定の改定が必要です。",
            nearest_change={"amend_agreement_for": [*unbound, *left]},
            **known,
        )
    if joined:
        return passed(f"{newcomers}の加入を反映した協定があります。地域の支援年数は引き続き数えます。", **known)
    return passed("構成市町村は協定と一致しています。", **known)
