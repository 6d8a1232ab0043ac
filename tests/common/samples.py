"""Sample snapshots of every paper: the plain case of the mockup, and the hard cases of the field.

Names of places are real; amounts, days and contents are invented.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from common import clock
from common.documents import Head, freeze
from subsidies.papers import schema

SHIRIBESHI = (
    ("島牧村", "013919", 3, 444), ("寿都町", "013927", 3, 444), ("黒松内町", "013935", 3, 444),
    ("蘭越町", "013943", 4, 508), ("ニセコ町", "013951", 5, 571), ("真狩村", "013960", 3, 444),
    ("留寿都村", "013978", 3, 444), ("喜茂別町", "013986", 3, 444), ("京極町", "013994", 5, 581),
    ("共和町", "014010", 5, 571), ("岩内町", "014028", 6, 635), ("泊村", "014036", 3, 444),
    ("神恵内村", "014044", 2, 381), ("古平町", "014061", 3, 444), ("仁木町", "014079", 4, 508),
    ("余市町", "014087", 10, 889), ("赤井川村", "014095", 3, 444),
)  # fmt: skip
REGION = "後志１７町村連携地域"
GRANT = "地域づくり総合交付金（広域連携加速化事業）"
AGREED_ON = (date(2024, 3, 21), date(2024, 3, 26), date(2024, 3, 22), date(2024, 3, 27), date(2024, 3, 25))
APPLIED = schema.Reference("京企第45号", date(2024, 4, 8))
TRAINING = schema.Project("後志１７町村新規採用職員研修", ("人材の育成", "職員等の交流"))
SUPPORT = schema.Support(4, 5, 2024)
PURPOSE = (
    "後志管内の町村では、専門的な知識を持つ職員の確保と育成が共通の課題となっている。"
    "１７町村が共同で新規採用職員の研修を行い、基礎的な知識と町村を越えたつながりを身に付けさせることで、"
    "基幹的な行政サービスを将来にわたり維持する。"
)
LONG = PURPOSE * 12


def title(label: str) -> str:
    return f"{label}（{REGION}、令和6年度 広域連携加速化事業）"


def letter(label: str, form_no: str = "") -> Head:
    return Head(
        title=title(label),
        heading=(GRANT, label),
        form_no=form_no,
        number="後地政第204号",
        issued_on=date(2024, 5, 10),
        addressee=(REGION, "代表　京極町長"),
        sender=("北海道後志総合振興局長",),
        seal_omitted=True,
    )


def form(label: str, form_no: str = "") -> Head:
    return Head(
        title=title(label),
        heading=(f"令和6年度　{GRANT}", label),
        form_no=form_no,
        number="京企第45号",
        issued_on=date(2024, 4, 8),
        addressee=("北海道後志総合振興局長",),
        sender=(REGION, "代表　京極町長"),
    )


def record(label: str) -> Head:
    return Head(
        title=title(label),
        heading=(label,),
        issued_on=date(2024, 4, 30),
        sender=("後志総合振興局　地域政策課",),
        numbered=False,
    )


def plan() -> schema.Plan:
    return schema.Plan(
        title="後志１７町村新規採用職員研修",
        purpose=PURPOSE,
        content="新規採用職員を対象とした合同研修を年６回開催する。\n集合研修４回、オンライン研修２回とし、講師は外部に委託する。",
        start_on=date(2024, 5, 13),
        end_on=date(2025, 2, 28),
        works=(
            schema.Work(
                name="後志１７町村新規採用職員研修",
                fields=("人材の育成", "職員等の交流"),
                secretariat="京極町",
                outline="新規採用職員の合同研修",
                scale="６回、６８人",
                content="地方公務員法、財務、接遇、防災の各科目",
            ),
            schema.Work(
                name="人事担当者の情報交換", fields=("職員等の交流",), members=("余市町", "岩内町"), content="年２回"
            ),
        ),
        applicant="構成市町村の連名",
        cost_sharing="講師謝金と会場費は受講者数の割合により、共通の費用は均等に負担する。事務局は２年ごとに持ち回る。",
        self_running="支援終了後は構成町村の負担金により継続する。",
        other_subsidy="なし",
        self_running_lines=(
            schema.Funding(2025, "京極町", "一般財源", 508_000),
            schema.Funding(2025, "余市町", "一般財源"),
        ),
    )


def members() -> schema.Members:
    rows = tuple(
        schema.Member(
            name=name,
            code=code,
            lead=name == "京極町",
            agreed_on=AGREED_ON[i % 5],
            document_no=f"{name[0]}総第{100 + i}号",
            role="事務局" if name == "京極町" else "",
            amount_yen=thousands * 1000,
        )
        for i, (name, code, _, thousands) in enumerate(SHIRIBESHI)
    )
    return schema.Members("町村", rows, 8_640_000, 0)


def costs() -> schema.Costs:
    return schema.Costs(
        (
            schema.Category("報償費", 720_000, 720_000),
            schema.Category("旅費", 1_376_000, 1_376_000),
            schema.Category("委託料", 6_000_500, 6_000_000),
            schema.Category("備品購入費", 544_000, 544_000),
        ),
        8_640_500,
        8_640_000,
    )


def kpis() -> schema.KpiTable:
    return schema.KpiTable(
        (2024, 2025, 2026),
        (
            schema.Kpi("新規採用職員研修", "研修を修了した職員（累計）", "人", "アウトカム", "新規", ("68", "130", "190"), "190以上", "研修の修了簿"),
            schema.Kpi("新規採用職員研修", "採用後３年以内の離職", "人", "アウトカム", "12", ("10", "8", "－"), "6以下", "各町村人事担当の調べ"),
        ),
    )  # fmt: skip


def budget() -> schema.Budget:
    return schema.Budget(
        incomes=(schema.Income("参加費・利用料", "研修の教材費", 500),),
        income_yen=8_640_500,
        costs=(
            schema.Cost("報償費", "新規採用職員研修", "講師謝金", "6回×120,000円", 720_000, 720_000),
            schema.Cost("旅費", "新規採用職員研修", "受講者の旅費", "68人", 1_376_000, 1_376_000),
            schema.Cost("委託料", "新規採用職員研修", "研修の企画・運営", "", 6_000_500, 6_000_000),
            schema.Cost("備品購入費", "", "タブレット端末", "8台×68,000円", 544_000, 544_000),
        ),
        cost_yen=8_640_500,
        eligible_yen=8_640_000,
    )


def split() -> schema.Split:
    rows = tuple(
        schema.SplitRow(name, name == "京極町", AGREED_ON[i % 5], people, thousands * 1000, thousands * 1000)
        for i, (name, _, people, thousands) in enumerate(SHIRIBESHI)
    )
    return schema.Split(
        heading="構成町村別の内訳",
        member_word="町村",
        amount_label="交付決定額",
        rows=rows,
        total_eligible_yen=8_640_000,
        total_amount_yen=8_640_000,
        quantity_label="受講者（人）",
        total_quantity=68,
        remark="交付決定額は代表町村に一括して交付し、構成町村は地域連携協定の定めによりこの内訳で精算する。",
    )


REDUCTIONS = (
    schema.Reduction("備品購入費（タブレット端末）", 544_000, 272_000, -272_000, "必要な台数は４台と認められるため。"),
    schema.Reduction(
        "委託料（研修の企画・運営）",
        6_000_000,
        5_728_000,
        -272_000,
        "オンライン研修の配信の回数を６回から４回に改めることで足りると認められるため。",
    ),
)


def request() -> schema.Request:
    return schema.Request(
        head=form("事業要望書", "様式第1号（第3条関係）"),
        grant_name=GRANT,
        fiscal_year=2024,
        region=REGION,
        plan=plan(),
        members=members(),
        costs=costs(),
        amount_yen=8_640_000,
        kpis=kpis(),
        support=SUPPORT,
    )


def application() -> schema.GrantApplication:
    return schema.GrantApplication(
        head=form("交付申請書", "様式第3号（第5条関係）"),
        grant_name=GRANT,
        fiscal_year=2024,
        region=REGION,
        amount_yen=8_640_000,
        plan=plan(),
        members=members(),
        budget=budget(),
        costs=costs(),
        kpis=kpis(),
        prefecture="北海道",
        pledge_on=date(2024, 4, 8),
        attachments=("地域連携協定書（写し）", "見積書"),
        support=SUPPORT,
    )


def selection() -> schema.Selection:
    return schema.Selection(
        head=replace(letter("内定通知書", "様式第2号（第4条関係）"), copies_to=("構成町村長",)),
        grant_name=GRANT,
        fiscal_year=2024,
        application=APPLIED,
        projects=(TRAINING,),
        requested_yen=8_640_000,
        amount_yen=8_096_000,
        next_steps=("交付申請書を提出してください。", "交付の決定の前に着手した経費は、交付の対象となりません。"),
        apply_by=date(2024, 5, 31),
        support=SUPPORT,
        reductions=REDUCTIONS,
        conditions=("研修の成果を管内の他の町村へ提供すること。",),
    )


def rejection(label: str, form_no: str) -> schema.Rejection:
    return schema.Rejection(
        head=letter(label, form_no),
        grant_name=GRANT,
        fiscal_year=2024,
        application=APPLIED,
        projects=(TRAINING,),
        requested_yen=8_640_000,
        reason="国の制度の活用が困難な市町村が構成市町村の２分の１に満たないため。\n（17町村のうち8町村）",
        next_steps=("理由について説明を受けようとするときは、振興局に申し出てください。",),
    )


def decision() -> schema.GrantDecision:
    return schema.GrantDecision(
        head=letter("交付決定通知書", "様式第6号（第7条関係）"),
        grant_name=GRANT,
        fiscal_year=2024,
        application=APPLIED,
        projects=(TRAINING,),
        total_cost_yen=8_640_000,
        eligible_cost_yen=8_640_000,
        amount_yen=8_640_000,
        start_on=date(2024, 5, 13),
        end_on=date(2025, 2, 28),
        conditions=schema.Conditions(30, date(2025, 4, 10), 5),
        support=SUPPORT,
        split=split(),
        withdraw_days=10,
    )


def revocation_notice() -> schema.RevocationNotice:
    return schema.RevocationNotice(
        head=replace(letter("交付決定取消通知書", "様式第15号（第17条関係）"), copies_to=("構成町村長",)),
        grant_name=GRANT,
        fiscal_year=2024,
        decision=schema.Reference("後地政第204号指令", date(2024, 5, 10)),
        projects=(TRAINING,),
        whole=False,
        ground="目的外の使用",
        facts="研修の会場費として計上した経費のうち640,000円を、別の事業の備品の購入に充てていた。",
        before_yen=8_640_000,
        revoked_yen=640_000,
        left_yen=8_000_000,
        paid_yen=8_640_000,
        to_return_yen=640_000,
        heard_on=date(2024, 11, 20),
        instruction="この決定に不服があるときは、通知を受けた日の翌日から起算して３月以内に審査請求をすることができます。",
    )


def return_notice() -> schema.ReturnNotice:
    return schema.ReturnNotice(
        head=letter("返還命令書", "様式第16号（第18条関係）"),
        grant_name=GRANT,
        fiscal_year=2024,
        decision=schema.Reference("後地政第204号指令", date(2024, 5, 10)),
        reason="交付決定の取消し：目的外の使用",
        due_yen=8_000_000,
        paid_yen=8_640_000,
        amount_yen=640_000,
        due_on=date(2024, 12, 20),
        addition_yen=35_712,
        rate="10.95％",
        addition_lines=(schema.AdditionLine(640_000, date(2024, 6, 18), date(2024, 12, 20), 186, "35,712.00"),),
    )


def package_cover() -> schema.PackageCover:
    return schema.PackageCover(
        head=record("監査パッケージ"),
        case_number="R6-accel-001",
        region=REGION,
        lead="京極町",
        program="広域連携加速化事業",
        fiscal_year=2024,
        state="完結",
        granted_yen=8_640_000,
        fixed_yen=8_000_000,
        paid_yen=8_000_000,
        asked_by="北海道 監査委員事務局 デモ 監査",
        asked_at="令和7年6月2日 10:15",
        events=48,
        first_event=1201,
        last_event=2877,
        last_hash="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        files=(
            schema.PackedFile(
                "文書/000012_D-08.pdf", "交付決定通知書", "後地政第204号指令", date(2024, 5, 10), 48_120, "ab" * 32
            ),
            schema.PackedFile("証拠書類/000031.pdf", "領収書：会場費.pdf", "", date(2025, 3, 20), 90_001, "cd" * 32),
        ),
    )


def withdrawal() -> schema.Withdrawal:
    return schema.Withdrawal(
        head=form("取下書", "様式第9号（第10条関係）"),
        grant_name=GRANT,
        fiscal_year=2024,
        region=REGION,
        application=APPLIED,
        title="後志１７町村新規採用職員研修",
        projects=(TRAINING,),
        amount_yen=8_640_000,
        reason="構成町村の体制が整わず、年度内の実施が困難となったため。",
        decision=schema.Reference("後地政第204号指令", date(2024, 5, 10)),
    )


def claim() -> schema.Claim:
    return schema.Claim(
        head=replace(form("概算払請求書", "様式第10号（第12条関係）"), number="京総第131号"),
        grant_name=GRANT,
        fiscal_year=2024,
        region=REGION,
        title="後志１７町村新規採用職員研修",
        projects=(TRAINING,),
        decision=schema.Reference("後地政第204号指令", date(2024, 5, 10)),
        granted_yen=8_640_000,
        received_yen=2_000_000,
        claim_yen=4_000_000,
        rest_yen=2_640_000,
        number=2,
        creditor="京極町",
        creditor_no="0013994",
        reason="８月に開く前期研修の会場使用料及び講師の旅費を支払うため。",
    )


def final_claim() -> schema.Claim:
    return replace(
        claim(),
        head=replace(
            form("精算払請求書", "様式第10号の2（第12条関係）"), number="京総第215号", issued_on=date(2025, 5, 8)
        ),
        received_yen=6_000_000,
        claim_yen=2_096_000,
        rest_yen=0,
        number=3,
        reason="",
        fixed_yen=8_096_000,
        fixing=schema.Reference("後地政第88号指令", date(2025, 4, 25)),
    )


def consultation() -> schema.Consultation:
    return schema.Consultation(
        head=record("事前協議記録票"),
        program="広域連携加速化事業",
        fiscal_year=2024,
        region=REGION,
        lead="京極町",
        title="後志１７町村新規採用職員研修",
        asked_on=date(2024, 1, 15),
        held_on=date(2024, 1, 22),
        attendees="京極町　企画担当\n後志総合振興局　地域政策課",
        points="端末の購入は対象となるか。",
        answers="研修に必要な最小限の台数であれば、振興局で判断する。見積書を添付すること。",
        next_action="見積書を２月上旬までに提出する。",
        recorder="後志総合振興局　デモ 審査担当",
        closed_on=date(2024, 1, 22),
    )


def review() -> schema.Review:
    row = schema.RuleRow
    return schema.Review(
        head=record("審査調書・意見書"),
        program="広域連携加速化事業",
        fiscal_year=2024,
        region=REGION,
        lead="京極町",
        members=tuple(name for name, *_ in SHIRIBESHI),
        number="R6-加速-003",
        receipt="後地政収第31号",
        received_on=date(2024, 4, 9),
        title="後志１７町村新規採用職員研修",
        requested_yen=8_640_000,
        proposed_yen=8_096_000,
        priority="優先して採択すべき",
        basis="広域連携加速化事業　第1版、平成30年推計",
        judged_at=datetime(2024, 4, 30, 10, 42, tzinfo=clock.TOKYO),
        result="要判断",
        counts=(("適合", 14), ("要判断", 1), ("注意", 1)),
        rules=(
            row("A-02", "国の制度の活用が困難な市町村を２分の１以上含むこと", "適合", "17町村のうち13町村です。",
                (("活用が困難", "13"), ("構成", "17"), ("割合", "13/17"), ("基準", "1/2以上")), "報告（令和6年3月）表4"),
            row("M-03", "入口要件", "要判断", "いずれかを満たすかを判断します。", source="報告（令和6年3月）表4"),
            row("M-04", "国の制度に取り組んでいないこと", "不適合", "4町村が取り組んでいます。", inner=True),
            row("A-10", "ハード事業でないこと", "適合", "少額の備品を含みます。", (("備品購入費", "544,000円"),),
                "報告（令和6年3月）3(2)①",
                schema.Judgement("適合", "研修に用いる端末であり、施設の整備に当たらない。台数も必要な範囲と認められる。",
                                 "後志総合振興局 デモ 審査担当", date(2024, 4, 26), (("施設に固定しない", True), ("他に転用しない", True)))),
            row("A-14", "上限額ありきでないこと", "注意", "申請額は上限の86.4％です。", source="報告（令和6年3月）3(2)④"),
        ),
        opinions=(
            schema.Opinion("後志総合振興局", "デモ 振興局長", "優先して採択すべき", "管内の全町村が参加する唯一の取組であり、優先して採択することが適当である。", 8_096_000),
        ),
        reductions=REDUCTIONS,
    )  # fmt: skip


def draft() -> schema.Draft:
    return schema.Draft(
        head=record("起案用紙"),
        subject=f"広域連携加速化事業　{REGION}の交付決定について",
        act="交付決定",
        drafted_on=date(2024, 5, 1),
        drafter="後志総合振興局　デモ 審査担当",
        boxes=(
            schema.ApprovalBox("合議", "胆振総合振興局", "デモ 胆振", date(2024, 5, 2)),
            schema.ApprovalBox("合議", "本庁 財政担当"),
            schema.ApprovalBox("決裁", "後志総合振興局長", "デモ 次長", date(2024, 5, 10), acting=True),
        ),
        retention_years=5,
        program="令和6年度　広域連携加速化事業",
        region=REGION,
        lead="京極町",
        number="R6-加速-003",
        receipt="後地政収第31号",
        plan="交付申請のとおり交付することとし、交付決定通知書により通知する。\n要件は全て満たしている（審査調書のとおり）。",
        amount_yen=8_640_000,
        requested_yen=8_640_000,
        budget_left_yen=20_000_000,
        conditions=("研修の成果を管内の他の町村へ提供すること。",),
        papers=("審査調書・意見書", "交付申請書", "交付決定通知書（案）"),
    )


PLAIN: dict[str, Callable[[], Any]] = {
    "D-01": request,
    "D-02": consultation,
    "D-03": application,
    "D-04": review,
    "D-05": draft,
    "D-06": selection,
    "D-07": lambda: rejection("不採択通知書", "様式第2号の2（第4条関係）"),
    "D-08": decision,
    "D-09": lambda: rejection("不交付決定通知書", "様式第7号（第7条関係）"),
    "D-10": withdrawal,
    "D-17": claim,
    "D-17b": final_claim,
    "D-21": return_notice,
    "D-22": revocation_notice,
    "D-32": package_cover,
}


def sample(kind: str) -> dict[str, Any]:
    """Return the plain snapshot of a paper."""
    return freeze(PLAIN[kind]())


def d08() -> dict[str, Any]:
    return sample("D-08")
