"""Sample papers of this room, plain and hard. Names of places are real; texts and amounts are invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from common.documents import Head
from regions.papers.agreement import (
    AgreementPaper,
    Clause,
    CostTable,
    InitiativeRow,
    Paragraph,
    RoleRow,
    ShareRow,
    Signatory,
)

from . import vision_samples as visions

SHIRIBESHI = (
    "島牧村", "寿都町", "黒松内町", "蘭越町", "ニセコ町", "真狩村", "留寿都村", "喜茂別町", "京極町", "共和町", "岩内町",
    "泊村", "神恵内村", "古平町", "仁木町", "余市町", "赤井川村", "積丹町", "倶知安町", "小樽市",
)  # fmt: skip
POLICY = (
    "各町村の自主性を尊重し、対等の立場で連携すること。",
    "それぞれの強みを生かし、役割を分担すること。",
    "負担が特定の町村に偏らないようにすること。",
)


def agreement(parties: int = 17, *, signed: bool = True) -> AgreementPaper:
    """An agreement of so many towns; each consented in the portal where it is signed."""
    names = SHIRIBESHI[:parties]
    each = 10_000 // parties
    rest = 10_000 - each * parties
    amounts = [1_000_000 // parties] * parties
    amounts[0] += 1_000_000 - sum(amounts)
    return AgreementPaper(
        head=Head(
            title="後志１７町村における連携に関する協定書",
            heading=("後志１７町村における連携に関する協定書",),
            issued_on=date(2024, 3, 28) if signed else None,
            numbered=False,
        ),
        region="後志１７町村連携地域",
        version=3,
        preamble="、".join(names[:-1]) + f"及び{names[-1]}（以下「構成町村」という。）は、次のとおり協定を締結する。",
        clauses=(
            Clause(1, "目的", (Paragraph(1, "この協定は、構成町村が相互に役割を分担して連携し、基幹的な行政サービスを将来にわたり維持することを目的とする。"),)),
            Clause(2, "基本方針", (Paragraph(1, "構成町村は、次の方針により連携する。", POLICY),)),
            Clause(3, "連携する取組と役割分担", (Paragraph(1, "連携する取組及び構成町村の役割分担は、別表第１のとおりとする。"),)),
            Clause(4, "費用負担", (
                Paragraph(1, "取組に要する費用は、別表第２の割合により負担する。"),
                Paragraph(2, "前項により難いときは、構成町村が協議して定める。"),
            )),
        ),
        initiatives=(
            InitiativeRow(1, "後志１７町村新規採用職員研修", ("人材の育成", "職員等の交流"), "京極町", "新規採用職員の合同研修を年６回行う。",
                          (RoleRow("京極町", "研修の企画、講師との連絡及び会計を担当する。"), RoleRow("他の構成町村", "職員を参加させ、会場を輪番で提供する。"))),
        ),
        costs=CostTable(
            "均等割", "構成町村の数で等しく分ける。",
            tuple(ShareRow(name, f"{(each + (rest if i == 0 else 0)) / 100:.2f}", amounts[i]) for i, name in enumerate(names)),
            1_000_000, "１円未満の端数は切り捨て、残額は事務局の京極町が負担する。",
        ),
        supplements=("この協定は、令和６年４月１日から効力を生ずる。", "令和３年３月１８日に締結した協定（第２版）は、同日の前日をもって効力を失う。"),
        closing=f"この協定の締結を証するため、本書{parties}通を作成し、構成町村それぞれ署名の上、各自その１通を保有する。",
        signatories=tuple(
            Signatory(f"{name}長", date(2024, 3, 10 + i % 15) if signed else None, f"{name[0]}企第{i + 1}号" if signed else "",
                      date(2024, 3, 8) if signed and i == 3 else None, name=name)
            for i, name in enumerate(names)
        ),
        witness="北海道後志総合振興局長",
    )  # fmt: skip


def long_agreement() -> AgreementPaper:
    """Twenty parties, long articles, unusual characters, thirty initiatives, nothing consented yet."""
    plain = agreement(20, signed=False)
    text = "構成町村は、髙﨑①㈱邉齋との協議の結果を踏まえ、専門的な知識を持つ職員の確保と育成に共同で取り組む。" * 12
    clauses = tuple(
        replace(plain.clauses[1], number=number, heading=f"取組に関する定めその{number}",
                paragraphs=(Paragraph(1, text, POLICY), Paragraph(2, text)))
        for number in range(1, 16)
    )  # fmt: skip
    initiatives = tuple(
        replace(plain.initiatives[0], number=number, name=f"取組その{number}", outline=text,
                roles=tuple(RoleRow(name, "職員を参加させる。") for name in SHIRIBESHI))
        for number in range(1, 31)
    )  # fmt: skip
    return replace(plain, clauses=clauses, initiatives=initiatives)


def bare_agreement() -> AgreementPaper:
    """Of two towns, as history knows it: neither articles nor tables."""
    return replace(
        agreement(2),
        clauses=(),
        initiatives=(),
        costs=None,
        supplements=(),
        witness="",
        note="登録された内容による写し",
    )


PLAIN: dict[str, Callable[[], Any]] = {"D-23": agreement, "D-24": visions.vision}
HARD: dict[str, Callable[[], Any]] = {
    "D-23": long_agreement,
    "D-23 of two": bare_agreement,
    "D-23 of five": lambda: agreement(5),
    "D-23 of twenty": lambda: agreement(20),
    "D-24": visions.long_vision,
    "D-24 only begun": visions.bare_vision,
    "D-24 with a name": visions.thin_vision,
}
SAID: dict[str, tuple[str, ...]] = {
    "D-23": (
        "（目的）第１条",
        "（費用負担）第４条",
        "２前項により難いときは",
        "別表第１",
        "別表第２",
        "附則",
        "余市町長",
        "立会人",
        "100.00",
    ),
    "D-24": (
        "地域連携ビジョン第2版",
        "令和8年度から令和12年度まで",
        "４課題",
        "▲32.0",
        "25,268",
        "取組1",
        "事務局は1年ごとの輪番",
        "研修の会場",
        "12,634",
        "6,000以上",
        "▲3,639",
        "自走化の見通し",
    ),
}
