"""Sample snapshots of the books: the annual report (D-28), the grant register (D-31), the log of a disposal (D-34).

Names of places are real; amounts, days and contents are invented.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from common.documents import Head
from municipalities.paper_blocks import Fact
from portal.annual import pictures
from portal.annual.shape import AnnualReport, Chapter, Picture, Section, Table
from portal.annual.shape import Head as Column
from portal.retention.log_paper import DisposalLog, LogLine
from subsidies.grant_register import Sums, register_columns
from subsidies.papers.register import RegisterPaper, RegisterRow

from .hard_samples import LONG_NAME, NAME

SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
TOLD: dict[str, Any] = {
    "提出日": date(2024, 4, 8), "申請文書の番号": "京企第45号", "受付日": date(2024, 4, 9), "収受番号": "後地政収第31号",
    "申請額": 8_640_000, "決定日": date(2024, 5, 10), "指令番号": "後地政第204号指令", "交付決定額": 8_640_000,
    "確定日": date(2025, 4, 25), "確定の指令番号": "後地政第88号指令", "確定額": 8_096_000, "概算払": 6_000_000,
    "精算払": 2_096_000, "返納": 0, "翌年度への繰越": False, "完結日": date(2025, 5, 20),
}  # fmt: skip


def annual() -> AnnualReport:
    """One chapter with large numbers, a drawing, a table with its sum and one without rows."""
    heads = (
        Column("連携地域"),
        Column("取組", look="wide"),
        Column("交付決定額", "円", num=True),
        Column("期日", look="nw"),
    )
    money = Table(
        "交付決定", "交付決定の一覧", heads,
        (("後志１７町村連携地域", "職員研修", 8_640_000, "2024-05-10"), ("北空知圏域", "電算の共同利用", None, "－")),
        total=("計", "", 8_640_000, ""), notes=("金額は変更後の額である。",), groups=1,
    )  # fmt: skip
    svg = pictures.bars([("空知", 12), ("後志", 20)], label="振興局別の市町村数")
    drawn = Section(
        "地域の数",
        said=("令和6年度に支援を受けた連携地域は2である。",),
        facts=(Fact("連携地域", "2", "地域", "前年度より1増"), Fact("構成市町村", "32", "市町村")),
        picture=Picture("後志の市町村が最も多い。", str(svg)),
        notes=("推定を含む。",),
    )
    none = Section("支援後の状況", tables=(Table("支援後", "支援後の調査", heads, ()),))
    return AnnualReport(
        Head("年次報告書（令和6年度）", ("広域連携の年次報告書", "令和6年度"), number="地政第12号", issued_on=date(2025, 6, 2)),
        2024, "令和6年度", "北海道", "令和7年3月31日",
        (Chapter("money", "交付金", (drawn, Section("決定", tables=(money,)), none), number=1),),
    )  # fmt: skip


def register_row(number: str = "R6-加速-003", region: str = "後志１７町村連携地域") -> RegisterRow:
    """A grant whose file is closed."""
    cells = {column.heading.partition("（")[0]: None for column in register_columns()} | TOLD
    sums = Sums(8_640_000, 8_640_000, 8_096_000, 8_096_000, 0)
    return RegisterRow(number, "R6", "加速化", 4, "後志", region, "京極町", 17, "完結", cells, 0, sums)


def revoked_row() -> RegisterRow:
    """A grant that was changed, then revoked in part; the money came back with its additions."""
    row = register_row("R6-加速-004", "北空知圏域")
    told = {
        "変更承認日": date(2024, 8, 1), "変更の指令番号": "北地政第55号指令", "変更後の交付決定額": 7_000_000,
        "取消日": date(2025, 1, 20), "取消しの指令番号": "北地政第90号指令", "取り消した額": 1_250_000, "取消し後の額": 5_750_000,
        "返還命令日": date(2025, 1, 21), "返還命令の番号": "北地政第91号指令", "返納": 1_250_000,
    }  # fmt: skip
    sums = Sums(8_640_000, 5_750_000, 5_750_000, 7_000_000, 1_250_000)
    return replace(row, state="返還命令中", cells=row.cells | told, additions_yen=34_500, sums=sums)


def register() -> RegisterPaper:
    head = Head(
        "交付金台帳（令和6年度）", ("交付金台帳",), issued_on=date(2025, 6, 2), sender=("北海道",), numbered=False
    )
    rows = (register_row(), revoked_row())
    return RegisterPaper(
        head, ("令和6年度", "後志総合振興局"), rows, Sums(17_280_000, 14_390_000, 13_846_000, 15_096_000, 1_250_000)
    )


def disposal_line() -> LogLine:
    return LogLine(
        label="補助金の申請・交付", number="R2-加速-003", title="後志１７町村連携地域　新規採用職員研修", years="R2",
        closed_on=date(2021, 5, 20), kept_years=5, treatment="廃棄", granted_yen=8_640_000, paid_yen=8_096_000, rows=213,
        papers=12, files=9, bytes=4_210_688,
    )  # fmt: skip


def disposal() -> DisposalLog:
    """Two grants went, one vision was kept because of a lawsuit."""
    kept = replace(
        disposal_line(), label="地域連携ビジョン", number="", title="後志広域連携ビジョン　第1版", years="", rows=0, papers=0,
        files=0, bytes=0, granted_yen=None, paid_yen=None, kept_because="訴訟・審査請求のため、保存を続けています。",
    )  # fmt: skip
    given = replace(disposal_line(), treatment="文書館へ移管", number="R2-加速-007", title="北空知圏域　電算の共同利用")
    return DisposalLog(
        head=Head("廃棄の記録（廃棄リスト 第3号）", ("廃棄の記録",), number="地政第101号", issued_on=date(2027, 4, 12), sender=("北海道",)),
        list_name="廃棄リスト 第3号", on=date(2027, 4, 1), prepared_by="本庁　デモ 審査担当",
        decided_by="本庁　デモ 決裁者", decided_at="令和9年4月5日 10:12", carried_out_by="本庁　デモ 審査担当",
        carried_out_at="令和9年4月12日 09:30", finished_at="令和9年4月12日 09:31", handed_over_on=date(2027, 4, 9),
        archive_sha256=SHA256, lines=(disposal_line(), given, kept), erased=2, kept=1, bytes=8_421_376,
    )  # fmt: skip


SAMPLES: dict[str, Callable[[], Any]] = {"D-28": annual, "D-31": register, "D-34": disposal}


def long_annual() -> AnnualReport:
    """Sixty rows of long names over several pages."""
    one = annual()
    table = replace(
        one.chapters[0].sections[1].tables[0], rows=tuple((LONG_NAME, f"{NAME}その{n}", -n, "－") for n in range(60))
    )
    return replace(one, chapters=(replace(one.chapters[0], sections=(Section(LONG_NAME, tables=(table,)),)),))


HARD: dict[str, Callable[[], Any]] = {
    "D-28": long_annual,
    "D-31": lambda: replace(
        register(), rows=tuple(register_row(f"R6-加速-{n:03}", LONG_NAME + NAME) for n in range(60)), scope=()
    ),
    "D-34": lambda: replace(
        disposal(), handed_over_on=None, kept=0, erased=60, prepared_by=f"{NAME}　{LONG_NAME}",
        lines=tuple(replace(disposal_line(), title=f"{LONG_NAME}その{n}", paid_yen=9_999_999_999) for n in range(60)),
    ),
}  # fmt: skip
