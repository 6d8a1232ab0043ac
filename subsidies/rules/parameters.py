"""The parameter table of a ruleset (domain §4.3 and rulings "Rules" 7): names, types, Japanese labels.

Only what a value means stands here; the values stand in the rulesets.
"""

from __future__ import annotations

from .money import CAP_BASES
from .values import Parameter, ValueType

T = ValueType
_DEMAND = {"required": "必須", "warn": "注意", "judge": "要判断", "none": "求めない"}
_PLAN = {"required": "必須", "or_equivalent": "必須（同等のプランで可）", "warn": "注意", "none": "求めない"}

_TABLE = (
    Parameter("fy_from", T.FISCAL_YEAR, "実施期間の初年度"),
    Parameter("fy_to", T.FISCAL_YEAR, "実施期間の最終年度"),
    Parameter(
        "last_adoption_fy", T.FISCAL_YEAR, "新規採択の最終年度", "この年度までに最初の支援を受けた地域が対象です。"
    ),
    Parameter("max_years", T.YEARS, "支援年数の上限", "申請年度を含みます。", least=1),
    Parameter(
        "year_counting",
        T.CHOICE,
        "支援年数の数え方",
        "期間：最初の年度からの年数。回数：支援を受けた年度の数。",
        {"window": "期間で数える", "count": "回数で数える"},
    ),
    Parameter(
        "cap_basis",
        T.CHOICE,
        "上限の単位",
        "人口1人あたりでは、参加する市町村の人口（募集が定める推計の版の基準年）に上限額を掛けます。",
        CAP_BASES,
    ),
    Parameter("cap_yen", T.YEN, "上限額"),
    Parameter(
        "cap_period", T.CHOICE, "上限の期間", "出典に年度ごとか事業全体かの記載はありません。", {"fy": "年度ごと"}
    ),
    Parameter("cap_notice_share", T.SHARE, "上限に近いと注意する割合", "申請額が上限のこの割合以上なら注意します。"),
    Parameter("rate_by_year", T.SHARES, "補助率（支援年目の順）", "最後の率はその後の年にも使います。"),
    Parameter("rounding_unit", T.YEN, "端数処理の単位", "この額に満たない端数を切り捨てます。", least=1),
    Parameter("rounding", T.CHOICE, "端数処理", "", {"floor": "切捨て"}),
    Parameter("min_members", T.COUNT, "構成市町村の最少数", counter="市町村", least=1),
    Parameter("blank_share", T.SHARE, "国の制度を使えない市町村の割合"),
    Parameter(
        "undeclared_hub",
        T.CHOICE,
        "未宣言中心市の扱い",
        "除く：国の制度を使えない市町村に数えず、判断を求めます。認める：数えます。",
        {"exclude": "除く", "allow": "認める"},
    ),
    Parameter(
        "zone_member_adjacency",
        T.CHOICE,
        "国の制度に参加する市町村の隣接",
        "",
        {"advisory": "注意にとどめる", "off": "見ない"},
    ),
    Parameter("contiguity", T.CHOICE, "市町村のつながり", "", {"required": "必須", "warn": "注意", "off": "見ない"}),
    Parameter("exempt_field", T.TEXT, "離れた市町村でもよい分野"),
    Parameter("series", T.TEXT, "将来推計人口の版", "募集ごとに定めます。結果に必ず表示します。"),
    Parameter("decline_target_year", T.YEAR, "人口減少率の目標年"),
    Parameter("decline_threshold", T.SHARE, "人口減少率の基準"),
    Parameter("judge_from", T.SHARE, "「概ね」の判断を求める下限", "この率以上で基準未満なら判断を求めます。"),
    Parameter(
        "flat_mode",
        T.CHOICE,
        "フラット型の見方",
        "",
        {"each": "市町村ごとに見る", "total": "地域全体で見る"},
    ),
    Parameter("pioneering_points", T.TEXTS, "先駆的な取組の判断項目"),
    Parameter(
        "agreement",
        T.CHOICE,
        "地域連携協定",
        "",
        {"required": "必須", "framework": "大枠の協定で可", "none": "求めない"},
    ),
    Parameter(
        "vision", T.CHOICE, "地域連携ビジョン", "", {"required": "必須", "light": "簡易なもので可", "none": "求めない"}
    ),
    Parameter("forward_plan", T.CHOICE, "広域連携前進プラン", "", _PLAN),
    Parameter("conference", T.CHOICE, "検討会議での意見交換", "", _PLAN),
    Parameter("conference_window_years", T.YEARS, "検討会議を見る前年度の数"),
    Parameter("kpi", T.CHOICE, "成果指標（KPI）", "", _DEMAND),
    Parameter("self_running_plan", T.CHOICE, "自走化計画", "", _DEMAND),
    Parameter(
        "pre_consultation",
        T.CHOICE,
        "事前協議",
        "",
        {"required": "必須", "optional": "任意", "none": "求めない"},
    ),
    Parameter("case_sheet", T.CHOICE, "事例シート", "", {"required": "必須", "none": "求めない"}),
    Parameter("hard_cost", T.CHOICE, "ハード経費", "", {"exclude": "対象外", "judge": "要判断", "allow": "対象"}),
    Parameter("hard_categories", T.TEXTS, "ハード経費とみなす節"),
    Parameter("equipment_categories", T.TEXTS, "備品とみなす節"),
    Parameter("equipment_limit_yen", T.YEN, "備品の上限額", "空欄なら上限を定めず、判断を求めます。", optional=True),
    Parameter("secretariat_share_warn", T.SHARE, "事務局の集中を注意する割合", "これを超えると注意します。"),
    Parameter("midterm_review_year", T.YEARS, "中間評価を行う支援年目", least=1),
    Parameter("demand_fields", T.TEXTS, "単独では対象にならない分野"),
    Parameter(
        "light_change_share", T.SHARE, "軽微な変更の割合", "経費区分ごとの増減がこの割合以内なら届出で足ります。"
    ),
    Parameter("judgement_reason_chars", T.COUNT, "判断の理由の最少文字数", counter="字"),
    Parameter("retention_years", T.YEARS, "書類の保存年数", "完結の翌年度の初日から数えます。"),
    Parameter("follow_up_years", T.YEARS, "支援後の状況を調べる年数"),
    Parameter("advance_limit_share", T.SHARE, "概算払の上限割合"),
    Parameter(
        "return_interest_rate",
        T.SHARE,
        "加算金・延滞金の年率",
        "返還のときの参考の計算に使います。1年を365日とします。空欄なら計算しません。",
        optional=True,
    ),
    Parameter("withdraw_days", T.DAYS, "決定後の取下げの期限"),
    Parameter("report_days", T.DAYS, "実績報告の期限（完了から）"),
    Parameter("report_last_day", T.MONTH_DAY, "実績報告の最終期限"),
    Parameter(
        "reference_date",
        T.CHOICE,
        "基準日",
        "",
        {"application": "申請日", "fiscal_year": "年度の初日"},
    ),
    Parameter("grantee_mode", T.CHOICE, "交付の相手", "", {"per_member": "構成市町村ごと", "lead": "代表市町村"}),
    Parameter("decision_authority", T.CHOICE, "決定権者", "", {"bureau": "振興局長", "hq": "知事（本庁）"}),
    Parameter("hq_review", T.CHOICE, "本庁の審査", "", {"required": "必須", "none": "行わない"}),
)

GROUPS = (
    ("期間と年数", ("fy_from", "fy_to", "last_adoption_fy", "max_years", "year_counting", "midterm_review_year")),
    ("金額", ("cap_basis", "cap_yen", "cap_period", "rate_by_year", "rounding_unit", "rounding", "cap_notice_share")),
    (
        "地域の要件",
        ("min_members", "blank_share", "undeclared_hub", "zone_member_adjacency", "contiguity", "exempt_field",
         "pioneering_points"),
    ),
    ("人口", ("series", "decline_target_year", "decline_threshold", "judge_from", "flat_mode")),
    (
        "書類と計画",
        ("agreement", "vision", "forward_plan", "conference", "conference_window_years", "kpi", "self_running_plan",
         "pre_consultation", "case_sheet"),
    ),
    (
        "経費と取組",
        ("hard_cost", "hard_categories", "equipment_categories", "equipment_limit_yen", "demand_fields",
         "secretariat_share_warn", "light_change_share"),
    ),
    (
        "手続と期限",
        ("reference_date", "decision_authority", "hq_review", "grantee_mode", "judgement_reason_chars",
         "advance_limit_share", "return_interest_rate", "withdraw_days", "report_days", "report_last_day",
         "retention_years", "follow_up_years"),
    ),
)  # fmt: skip
"""The parts of the table as staff read it; every parameter stands in exactly one."""

PARAMETERS = {parameter.name: parameter for parameter in _TABLE}
"""Every parameter a ruleset may set, in the order of the table, by name."""
