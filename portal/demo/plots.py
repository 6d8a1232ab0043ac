"""What each demo application is about, where it stands, and who takes part.

Members are real municipalities; the regions whose code starts with デモ, all projects and all amounts are made up.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """An initiative: its field, what is done, its KPI, its cost lines (category, text, quantity, unit, price)."""

    name: str
    field: str
    outline: str
    purpose: str
    kpi: tuple[str, str, int, int]
    costs: tuple[tuple[str, str, int, str, int], ...]
    scale: str = ""


TOPICS = {
    "disaster": Topic(
        "広域防災訓練・避難所運営の共同化",
        "防災",
        "津波・暴風雪を想定した広域避難訓練と、避難所運営の手引きの共同作成を行う。",
        "少ない職員で広い地域の住民を守るため、避難所の運営と物資の融通を共同で行える体制をつくり、基幹的な行政サービスを維持する。",
        ("共同訓練に参加した職員の数（年間）", "人", 0, 120),
        (
            ("commission", "訓練の企画運営", 1, "式", 3_200_000),
            ("reward", "講師謝金", 4, "回", 120_000),
            ("travel", "講師・職員旅費", 60, "人", 14_500),
            ("supplies", "手引き印刷", 300, "部", 1_200),
        ),
        "訓練2回、研修4回、職員60人",
    ),
    "staff": Topic(
        "新規採用職員の合同研修",
        "人材の育成",
        "採用3年目までの職員を対象に、単独では開けない研修を共同で行う。",
        "専門の研修を単独で開けない市町が共同で職員を育て、基幹的な行政サービスを担う人材を確保する。",
        ("研修を修了した職員の数（累計）", "人", 0, 150),
        (
            ("commission", "研修の企画運営", 1, "式", 4_180_000),
            ("reward", "講師謝金", 6, "回", 120_000),
            ("travel", "受講者旅費", 50, "人", 14_500),
            ("rent", "会場借上げ", 8, "日", 86_000),
        ),
        "6回、50人",
    ),
    "doctors": Topic(
        "地域医療を支える専門職の共同確保",
        "医療",
        "医師・看護師・保健師の採用活動と、病院間の応援の調整を共同で行う。",
        "単独では確保が難しい医療専門職を共同で募集し、地域で医療を受け続けられるようにする。",
        ("共同の採用活動で着任した専門職の数（累計）", "人", 0, 6),
        (
            ("commission", "採用サイトと説明会の運営", 1, "式", 4_900_000),
            ("travel", "説明会・面談旅費", 24, "回", 48_000),
            ("services", "広告料", 1, "式", 880_000),
        ),
        "説明会4回、面談20回",
    ),
    "bus": Topic(
        "市町をまたぐバス路線の共同再編",
        "地域公共交通",
        "通学・通院の移動データをもとに路線とダイヤを共同で見直し、広域バスマップを作る。",
        "利用者が減る中でも通学・通院の足を残すため、市町をまたいで路線を見直す。",
        ("見直した路線の年間利用者数", "人", 42_000, 45_000),
        (
            ("commission", "移動データの調査分析", 1, "式", 5_300_000),
            ("supplies", "広域バスマップ印刷", 12_000, "部", 48),
            ("reward", "検討会委員謝金", 18, "人回", 12_000),
        ),
        "調査1回、検討会6回",
    ),
    "counter": Topic(
        "窓口業務のデジタル化の共同実施",
        "デジタル",
        "書かない窓口と電子申請の様式を共同で整え、操作研修を合同で行う。",
        "少ない職員でも窓口サービスを続けるため、手続の電子化を共同で進める。",
        ("電子申請で受け付けた手続の割合", "％", 8, 40),
        (
            ("commission", "様式の共通化と設定", 1, "式", 4_400_000),
            ("rent", "電子申請サービス利用料", 12, "月", 165_000),
            ("travel", "合同研修旅費", 40, "人", 9_800),
        ),
        "対象手続60、研修5回",
    ),
    "ai": Topic(
        "議事録作成・文書検索への生成AIの共同導入",
        "デジタル",
        "議事録作成と例規検索の生成AIを共同で導入し、使い方の手引きを作る。",
        "事務の時間を住民に向き合う時間に変えるため、単独では難しい新しい技術を共同で導入する。",
        ("共同利用で減らした事務時間（年間）", "時間", 0, 6_000),
        (
            ("rent", "生成AIサービス利用料", 12, "月", 240_000),
            ("commission", "手引き作成と導入支援", 1, "式", 2_800_000),
            ("reward", "研修講師謝金", 5, "回", 120_000),
        ),
        "利用職員300人、研修5回",
    ),
    "people": Topic(
        "デジタル人材の共同育成",
        "デジタル",
        "各市町の担当職員を合同で育て、困りごとを相談し合う場をつくる。",
        "専任の職員を置けない市町が、デジタル人材を共同で育てて行政サービスを維持する。",
        ("育成課程を修了した職員の数（累計）", "人", 0, 60),
        (
            ("commission", "育成課程の企画運営", 1, "式", 3_900_000),
            ("travel", "受講者旅費", 36, "人", 12_500),
            ("reward", "講師謝金", 8, "回", 120_000),
        ),
        "8回、36人",
    ),
    "sensor": Topic(
        "除雪・水道の見守りセンサーの共同実証",
        "デジタル",
        "除雪車の運行と水道管の漏水を見守るセンサーを共同で試し、費用と効果を測る。",
        "技術職員が減る中で、広い地域の道路と水道を保つ方法を共同で確かめる。",
        ("漏水の発見から修繕までの日数", "日", 14, 7),
        (
            ("commission", "実証の設計と分析", 1, "式", 4_600_000),
            ("rent", "センサー・通信の利用料", 12, "月", 198_000),
            ("equipment", "実証用タブレット", 8, "台", 68_000),
        ),
        "実証地区3か所",
    ),
    "library": Topic(
        "電子図書の共同利用（デモ）",
        "デジタル",
        "電子図書の共同の書架をつくり、学校と図書室で使う。",
        "図書館のない町でも同じ本を借りられるようにし、教育の基盤を共同で保つ。",
        ("電子図書の貸出数（年間）", "冊", 0, 4_000),
        (
            ("rent", "電子図書サービス利用料", 6, "月", 110_000),
            ("commission", "利用登録と操作研修の運営", 1, "式", 540_000),
        ),
        "登録600人、研修4回",
    ),
    "roads": Topic(
        "道路台帳の共同電子化（デモ）",
        "デジタル",
        "紙の道路台帳を共通の様式で電子化し、相互に閲覧する。",
        "技術職員が少ない市町が、道路の管理を共同で続けられるようにする。",
        ("電子化した路線の割合", "％", 5, 80),
        (
            ("commission", "台帳の読取りと様式の共通化", 1, "式", 1_380_000),
            ("travel", "担当者会議旅費", 20, "人", 9_000),
        ),
        "120路線、会議4回",
    ),
}


@dataclass(frozen=True)
class DemoRegion:
    """A region of the demo; `code` names a real one, else it is made up with this `name`."""

    key: str
    members: tuple[str, ...]
    lead: str
    code: str = ""
    name: str = ""


REGIONS = (
    DemoRegion("A06", ("012238", "016918", "016926", "016934", "016942"), "012238", code="A06"),
    DemoRegion("南空知四町", ("014231", "014273", "014281", "014290"), "014281", name="南空知四町連携地域（デモ）"),
    DemoRegion("根室南部", ("012238", "016918"), "012238", name="根室南部連携地域（デモ）"),
    DemoRegion("根室北部", ("016926", "016934", "016942"), "016926", name="根室北部連携地域（デモ）"),
    DemoRegion("根室中部", ("016918", "016926", "016934"), "016918", name="根室中部連携地域（デモ）"),
    DemoRegion("根室海岸", ("012238", "016918", "016934", "016942"), "012238", name="根室海岸連携地域（デモ）"),
    DemoRegion("長沼栗山", ("014281", "014290"), "014281", name="長沼・栗山連携地域（デモ）"),
    DemoRegion("夕張川", ("014273", "014281", "014290"), "014281", name="夕張川流域連携地域（デモ）"),
    DemoRegion("石狩川", ("014231", "014281", "014303"), "014281", name="石狩川連携地域（デモ）"),
    DemoRegion("南空知東", ("012092", "012220", "014290"), "014290", name="南空知東部連携地域（デモ）"),
    DemoRegion("月形美唄", ("012157", "014303"), "012157", name="美唄・月形連携地域（デモ）"),
    DemoRegion("浦臼新十津川", ("014311", "014320", "014362"), "014320", name="樺戸連携地域（デモ）"),
    DemoRegion("北空知", ("014338", "014346", "014371"), "014346", name="北空知三町連携地域（デモ）"),
)


@dataclass(frozen=True)
class Plot:
    """One application: in which call, for which region, about what, how far it goes and when it began (days ago).

    `typed` says that the lead delegates typing to its bureau, whose reviewer then writes the costs.
    """

    call: str
    region: str
    topic: str
    until: str
    began: int
    start_in: int | None = None
    typed: bool = False


# Calls: "past" (first round of this fiscal year, closed), "open" (second round, open now), "next" (next year's wishes).
PLOTS = (
    Plot("past", "A06", "disaster", "running", 215),
    Plot("past", "南空知四町", "counter", "granted", 150, start_in=24),
    Plot("past", "根室北部", "staff", "refused", 214),
    Plot("past", "根室中部", "bus", "withdrawn", 213),
    Plot("past", "長沼栗山", "ai", "lapsed", 212),
    Plot("open", "長沼栗山", "people", "draft", 9, typed=True),
    Plot("open", "根室海岸", "disaster", "preconsult", 12),
    Plot("open", "石狩川", "counter", "consent", 30),
    Plot("open", "南空知東", "ai", "ready", 31),
    Plot("open", "根室中部", "bus", "submitted", 34),
    Plot("open", "月形美唄", "people", "submitted", 35),
    Plot("open", "夕張川", "sensor", "bureau_review", 40),
    Plot("open", "根室北部", "doctors", "bureau_review", 41),
    Plot("open", "根室南部", "staff", "returned", 42),
    Plot("open", "浦臼新十津川", "counter", "hq_review", 44),
    Plot("open", "北空知", "ai", "approval", 46),
    Plot("next", "A06", "doctors", "hq_review", 36),
    Plot("next", "南空知四町", "ai", "selected", 37),
    Plot("next", "根室南部", "disaster", "consent", 16),
    Plot("next", "夕張川", "people", "not_selected", 38),
)
