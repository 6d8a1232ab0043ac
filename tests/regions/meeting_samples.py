"""Sample parts of D-26, plain and hard. Names of towns are real; what was said is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from common.documents import Head
from regions.papers.meeting import LABELS, Agenda, AttendanceList, Item, Minutes, Point, Row, When

TITLE = "空知地域 広域連携検討会議"
WHEN = When(date(2026, 10, 20), "13:30～15:00", "集合・オンライン併用（空知総合振興局 2階会議室）", "空知総合振興局長")
SAID = "単独では続けにくい事務を洗い出し、隣り合う市町村と分担できるものから始めることとした。"
TOWNS = ("夕張市", "岩見沢市", "美唄市", "芦別市", "赤平市", "三笠市", "南幌町", "由仁町", "長沼町", "栗山町")
CARRIED = Point(3, "専門職員の共同採用を、どの職種から始めるか。", "地域政策課", date(2026, 12, 1), date(2025, 10, 7),
                "土木から始める案で合意した。", closed=True)  # fmt: skip


def head(kind: str) -> Head:
    return Head(
        title=f"{LABELS[kind]}（{TITLE}、令和8年10月20日）",
        heading=(TITLE, LABELS[kind]),
        issued_on=date(2026, 10, 21),
        sender=("空知総合振興局",),
        numbered=False,
    )


def agenda() -> Agenda:
    items = (
        Item(1, "広域連携前進プラン（案）について", "事務局", ("資料1　前進プラン（案）", "資料2　概要")),
        Item(2, "その他", "", ()),
    )
    return Agenda(head("D-26"), WHEN, items, (replace(CARRIED, said="", closed=False),))


def attendance() -> AttendanceList:
    rows = (
        Row("市町村", "長沼町", "企画課長", "出席", ""),
        Row("市町村", "由仁町", "企画課長", "代理", "企画係長 デモ"),
        Row("道の部局", "保健福祉部", "課長", "", ""),
    )
    return AttendanceList(head("D-26b"), WHEN, rows, (("出席", 1), ("代理", 1)), "傍聴　2名")


def minutes() -> Minutes:
    return Minutes(
        head=head("D-26c"),
        when=WHEN,
        recorder="地域政策課",
        counts=(("出席", 20), ("代理", 3), ("欠席", 1)),
        items=(Item(1, "広域連携前進プラン（案）について", "事務局", ("資料1　前進プラン（案）",), SAID),),
        carried=(CARRIED,),
        decisions=("前進プラン（案）を了承した。", "進み具合を毎年確かめる。"),
        points=(Point(4, "通信機器の更新時期をそろえられるか。", "企画担当者会議", None),),
        without_outcome="",
        confirmed_on=date(2026, 11, 5),
        equivalent="",
    )


PLAIN = {"D-26": agenda, "D-26b": attendance, "D-26c": minutes}
HARD = {
    "D-26 long": lambda: replace(
        agenda(),
        items=tuple(
            Item(n, f"議題その{n}　髙﨑①㈱" + "長い題名" * 20, "説明者" * 10, ("資料　" + "名" * 60,))
            for n in range(1, 16)
        ),
        carried=(replace(CARRIED, text="論点" * 100, owner="担当" * 20),) * 20,
    ),
    "D-26 empty": lambda: replace(agenda(), items=(), carried=(), when=replace(WHEN, hours="", chair="")),
    "D-26b long": lambda: replace(
        attendance(),
        rows=tuple(Row("市町村", town, "企画課長" * 4, "オンライン", "課長補佐 " * 5) for town in TOWNS * 6),
        note="傍聴\n" * 20,
    ),
    "D-26b empty": lambda: replace(attendance(), rows=(), counts=(), note=""),
    "D-26c long": lambda: replace(
        minutes(),
        items=tuple(Item(n, f"議題その{n}", "事務局", (), (SAID * 8 + "\n") * 3) for n in range(1, 7)),
        decisions=(SAID * 4,) * 12,
        points=(replace(CARRIED, text=SAID * 4),) * 12,
        equivalent="中空知定住自立圏のビジョン懇談会",
    ),
    "D-26c empty": lambda: replace(
        minutes(),
        recorder="",
        counts=(),
        items=(),
        carried=(),
        decisions=(),
        points=(),
        without_outcome="顔合わせのため",
        confirmed_on=None,
    ),
}
