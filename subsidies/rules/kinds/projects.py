"""Rules about who takes part and what they do: participants, fields, KPIs, continuation, secretariats."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

from ..exact import names_text, percent, share_text, threshold_text
from ..facts import ApplicationFacts, ProjectFacts
from ..values import Parameter, ValueType
from ..verdict import Finding, failed, judge_needed, no_data, not_applicable, passed
from .base import Values, kind

ELIGIBLE = Parameter("eligible", ValueType.TEXTS, "対象分野")


def quoted(names: list[str]) -> str:
    return names_text([f"「{name}」" for name in names])


def request_without(facts: ApplicationFacts, dropped: list[str]) -> int:
    """Eligible yen of the cost lines of the other projects: what could be asked for without the dropped ones."""
    return sum(line.eligible_yen for line in facts.cost_lines if line.project not in dropped)


@kind(
    "participants",
    "申請主体",
    "申請に参加する市町村がすべて地域の構成市町村で、代表市町村がその中にあり、最少数以上であることを求めます。",
    Parameter("min_members", ValueType.COUNT, "最少の市町村数"),
    needs=("participants", "lead", "region_members"),
)
def participants(facts: ApplicationFacts, values: Values) -> Finding:
    """C-02: participants ⊂ members on the reference date; the lead takes part; at least `min_members`."""
    members, least = {item.code for item in facts.region_members}, values["min_members"]
    codes = [item.code for item in facts.participants]
    strangers = [item for item in facts.participants if item.code not in members]
    known: dict[str, Any] = {
        "inputs": {"participants": len(codes), "members": len(members), "lead": facts.lead},
        "compared": (("参加", f"{len(codes)}／{len(members)}市町村"), ("最少", f"{least}市町村")),
    }
    if strangers:
        return failed(
            f"{names_text([item.name for item in strangers])}は基準日に構成市町村ではありません。",
            nearest_change={"register_or_remove": [item.code for item in strangers]},
            **known,
        )
    if len(codes) < least:
        return failed(
            f"申請には{least}市町村以上が必要です（いま{len(codes)}）。",
            nearest_change={"add": least - len(codes)},
            **known,
        )
    if facts.lead not in codes:
        return failed("代表市町村を、参加する市町村から選んでください。", nearest_change={"choose": "lead"}, **known)
    return passed(f"参加する{len(codes)}市町村はすべて構成市町村です。", **known)


@kind(
    "fields_allowed",
    "対象分野",
    "取組ごとに、主な分野が制度の対象分野であることを求めます。分野の選び方は審査で確認します。",
    ELIGIBLE,
    needs=("projects", "project_fields"),
)
def fields_allowed(facts: ApplicationFacts, values: Values) -> Finding:
    """C-05: each project's main field is eligible."""
    eligible = values["eligible"]
    return _fields(facts, eligible, [project for project in facts.projects if project.main_field not in eligible])


@kind(
    "fields_bundled",
    "対象分野（核となる分野との組合せ）",
    "主な分野が核となる分野であることを求めます。需要の多い分野は、核となる分野の取組と組み合わせたときだけ対象にします。",
    ELIGIBLE,
    Parameter("demand", ValueType.TEXTS, "単独では対象にならない分野"),
    needs=("projects", "project_fields"),
)
def fields_bundled(facts: ApplicationFacts, values: Values) -> Finding:
    """N-09: core fields, or a demand field in one application with a core-field project."""
    eligible, demand = values["eligible"], values["demand"]
    has_core = any(project.main_field in eligible for project in facts.projects)
    outside = [
        project
        for project in facts.projects
        if project.main_field not in eligible and not (has_core and project.main_field in demand)
    ]
    if outside and not has_core and all(project.main_field in demand for project in outside):
        return failed(
            f"{quoted([project.name for project in outside])}の分野は、"
            "核となる分野の取組と組み合わせたときに対象になります。",
            inputs={"main_fields": {project.name: project.main_field for project in facts.projects}},
            compared=tuple((project.name, project.main_field) for project in facts.projects),
            nearest_change={"add_project_in": list(eligible)},
        )
    return _fields(facts, eligible, outside)


def _fields(facts: ApplicationFacts, eligible: tuple[str, ...], outside: list[ProjectFacts]) -> Finding:
    known: dict[str, Any] = {
        "inputs": {"main_fields": {project.name: project.main_field for project in facts.projects}},
        "compared": tuple((project.name, project.main_field or "未入力") for project in facts.projects),
    }
    if not facts.projects:
        return failed("取組が入力されていません。", nearest_change={"add_project_in": list(eligible)}, **known)
    wrong = [project for project in outside if project.main_field]
    blank = [project.name for project in outside if not project.main_field]
    if wrong:
        dropped = [project.name for project in wrong]
        listed = names_text([f"「{project.name}」（{project.main_field}）" for project in wrong])
        change: dict[str, Any] = {"remove_projects": dropped}
        at_most = request_without(facts, dropped)
        if facts.cost_lines:
            change["request_at_most"] = at_most
        more = f"この取組を除くと、申請できるのは{at_most:,}円までです。" if facts.cost_lines else ""
        return failed(f"対象分野でない取組があります：{listed}。{more}", nearest_change=change, **known)
    if blank:
        return no_data(f"{quoted(blank)}の主な分野が未入力です。", **known)
    fields = dict.fromkeys(project.main_field for project in facts.projects)
    return passed(f"取組の主な分野（{'、'.join(fields)}）はすべて対象です。", **known)


@kind(
    "all_projects_in_field",
    "すべての取組が特定の分野であること",
    "申請するすべての取組の主な分野が、定めた分野であるかを見ます。",
    Parameter("field", ValueType.TEXT, "分野"),
)
def all_projects_in_field(facts: ApplicationFacts, values: Values) -> Finding:
    """The digital way into the successor program; a region without an application does not claim it."""
    if facts.why_unknown("projects"):
        return not_applicable(f"「{values['field']}」の取組だけで申請するときに見ます。")
    others = [project.name for project in facts.projects if project.main_field != values["field"]]
    if facts.projects and not others:
        return passed(f"すべての取組が「{values['field']}」を主な分野としています。")
    return failed(f"「{values['field']}」以外の取組を含みます。", inputs={"other_projects": others})


@kind(
    "kpi",
    "成果指標（KPI）",
    "取組ごとに成果指標があるかを見ます。「すべて」では、成果の指標に基準値・目標値・年ごとの目標・データの出所がそろっていることを求めます。",
    Parameter(
        "content", ValueType.CHOICE, "求める内容", "", {"any": "指標があること", "full": "すべてそろっていること"}
    ),
    needs=("projects", "kpis"),
)
def kpi(facts: ApplicationFacts, values: Values) -> Finding:
    """N-01 (full): an outcome KPI with baseline, target, yearly path and data source; A-17 (any): a KPI at all."""

    def complete(project: ProjectFacts) -> bool:
        if values["content"] == "any":
            return bool(project.kpis)
        return any(
            item.outcome and item.baseline and item.target and item.yearly_targets and item.data_source
            for item in project.kpis
        )

    lacking = [project.name for project in facts.projects if not complete(project)]
    known: dict[str, Any] = {
        "inputs": {"projects": len(facts.projects), "lacking": lacking},
        "compared": tuple((project.name, f"{len(project.kpis)}件") for project in facts.projects),
    }
    if not facts.projects:
        return failed("取組が入力されていません。", **known)
    if not lacking:
        return passed(f"{len(facts.projects)}件の取組すべてに成果指標があります。", **known)
    what = (
        "成果指標（KPI）がありません"
        if values["content"] == "any"
        else "成果の指標（基準値・目標値・年ごとの目標・データの出所）がそろっていません"
    )
    return failed(f"{quoted(lacking)}に{what}。", nearest_change={"add_kpi_to": lacking}, **known)


@kind(
    "new_project",
    "新たな取組であること",
    "前の事業で支援を受けた取組と同じものが含まれていないかを見ます。",
    needs=("projects",),
)
def new_project(facts: ApplicationFacts, values: Values) -> Finding:
    """A-16: a project that an earlier program supported is noticed; new work is expected."""
    earlier = set(facts.region.support.earlier_projects)
    same = [project.name for project in facts.projects if project.name in earlier or project.continues in earlier]
    known: dict[str, Any] = {"inputs": {"same": same}, "compared": (("前の事業と同じ取組", quoted(same) or "なし"),)}
    if same:
        return failed(f"{quoted(same)}は前の事業でも支援を受けています。新たな内容の説明を確認してください。", **known)
    return passed("前の事業で支援を受けた取組は含まれていません。", **known)


@kind(
    "secretariat_share",
    "事務局の分担",
    "取組の事務局が1つの市町村に集中していないかを見ます。",
    Parameter("at_most", ValueType.SHARE, "1市町村が受け持ってよい割合", "これを超えると注意します。"),
    needs=("projects",),
)
def secretariat_share(facts: ApplicationFacts, values: Values) -> Finding:
    """N-11: no municipality is secretariat of more than the share of the projects; from two projects on."""
    projects = facts.projects
    if len(projects) <= 1:
        return not_applicable("取組が1件のため、分担は見ません。")
    if blank := [project.name for project in projects if not project.secretariat]:
        return no_data(f"{quoted(blank)}の事務局が未入力です。")
    code, most = min(Counter(project.secretariat for project in projects).items(), key=lambda item: (-item[1], item[0]))
    share, limit = Fraction(most, len(projects)), values["at_most"]
    names = {item.code: item.name for item in facts.participants}
    name = names.get(code, code)
    known: dict[str, Any] = {
        "inputs": {"secretariat": code, "projects": most, "of": len(projects), "share": share_text(share)},
        "compared": (("最も多い事務局", f"{name} {most}／{len(projects)}件"), ("目安", f"{threshold_text(limit)}以下")),
    }
    if share > limit:
        return failed(
            f"{name}が{len(projects)}件のうち{most}件（{percent(share, (limit,))}）の事務局です。"
            "分担を検討してください。",
            **known,
        )
    return passed(f"事務局は分かれています（最も多い{name}で{len(projects)}件のうち{most}件）。", **known)


@kind(
    "self_running_plan",
    "自走化計画",
    "支援が終わった後の財源が、参加する市町村ごとに書かれていることを求め、実現の見通しは職員が判断します。",
    needs=("self_running", "participants"),
)
def self_running_plan(facts: ApplicationFacts, values: Values) -> Finding:
    """N-06: a source of money per participant for a year after this one is there; credible is for people."""
    plan, year = facts.self_running, facts.region.fiscal_year
    planned = {code for code, after, source in (plan.funding if plan else ()) if after > year and source}
    missing = [item for item in facts.participants if item.code not in planned]
    known: dict[str, Any] = {
        "inputs": {"planned": len(facts.participants) - len(missing), "participants": len(facts.participants)},
        "compared": (("財源の記載", f"{len(facts.participants) - len(missing)}／{len(facts.participants)}市町村"),),
    }
    listed = names_text([item.name for item in missing])
    if plan is None or not plan.funding:
        return failed(
            "自走化計画（支援後の市町村ごとの財源）がありません。",
            nearest_change={"register": "self_running_plan"},
            **known,
        )
    if missing:
        return failed(
            f"支援後の財源が書かれていない市町村があります（{len(missing)}件：{listed}）。",
            nearest_change={"add_funding_of": [item.code for item in missing]},
            **known,
        )
    return judge_needed("自走化計画があります。実現の見通しの判断が必要です。", **known)


@kind(
    "case_sheet",
    "事例シート",
    "実績報告のときに、取組ごとの事例シートがあることを求めます。",
    needs=("case_sheets", "projects"),
)
def case_sheet(facts: ApplicationFacts, values: Values) -> Finding:
    """N-08: a case sheet per project with the final report."""
    missing = [project.name for project in facts.projects if project.name not in facts.case_sheets]
    if missing:
        return failed(f"{quoted(missing)}の事例シートがありません。", nearest_change={"add_case_sheet_to": missing})
    return passed(f"{len(facts.projects)}件の取組すべてに事例シートがあります。")
