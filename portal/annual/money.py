"""Chapter: what was asked for, granted, fixed, paid and given back, by bureau and program, and year by year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Sum

from common.fiscal_year import FiscalYear
from common.yen import show_thousands
from subsidies.models import Application, Payment
from subsidies.states import State

from . import pictures
from .ground import AnnualGround
from .shape import Cell, Chapter, Head, Picture, Section, Table

YEN = (
    Head("申請額", "円", num=True),
    Head("交付決定額", "円", num=True),
    Head("内 翌年度へ繰越", "円", num=True),
    Head("確定額", "円", num=True),
    Head("支払済額", "円", num=True),
    Head("返納額", "円", num=True),
)
NO_AMOUNTS = "出典とした報告には交付額の記載がないため、このポータルで決定した年度の額だけを示す。"


@dataclass
class Sums:
    """Counts and whole yen of some applications."""

    asked: int = 0
    granted: int = 0
    requested_yen: int = 0
    granted_yen: int = 0
    carried_yen: int = 0
    fixed_yen: int = 0
    paid_yen: int = 0
    returned_yen: int = 0

    def add(self, row: Application, paid: dict[tuple[int, bool], int]) -> None:
        """Add one application; `paid` is keyed by application and whether it came back."""
        self.asked += 1
        self.granted += row.granted_yen is not None and row.state != State.WITHDRAWN
        self.requested_yen += row.requested_yen
        self.granted_yen += row.granted_yen or 0
        self.carried_yen += (row.granted_yen or 0) if row.carried_over else 0
        self.fixed_yen += row.fixed_yen or 0
        self.paid_yen += paid.get((row.pk, False), 0)
        self.returned_yen += paid.get((row.pk, True), 0)

    @property
    def cells(self) -> tuple[Cell, ...]:
        decided = (self.requested_yen, self.granted_yen, self.carried_yen)
        return (self.asked, self.granted, *decided, self.fixed_yen, self.paid_yen, self.returned_yen)


def chapter(ground: AnnualGround) -> Chapter:
    """This year by program and bureau, grant by grant, then the years side by side."""
    paid = paid_up_to(ground)
    return Chapter(
        key="money",
        title="交付金の額",
        said=("申請額は提出された申請の額、支払済額と返納額は基準日までに支払い、又は受け入れた額である。", NO_AMOUNTS),
        sections=(_by_bureau(ground, paid), _grants(ground, paid), _years(ground, paid)),
    )


def paid_up_to(ground: AnnualGround) -> dict[tuple[int, bool], int]:
    """(application, whether it was given back) → whole yen paid up to the day of the report."""
    last = max(ground.on, ground.year.books_close_on)
    rows = Payment.objects.filter(
        state=Payment.State.PAID, paid_on__lte=last, application__in=[row.pk for row in ground.applications]
    )
    found: dict[tuple[int, bool], int] = defaultdict(int)
    for pk, kind, yen in rows.values_list("application", "kind").annotate(yen=Sum("amount_yen")):
        found[pk, kind == Payment.Kind.RETURN] += yen
    return dict(found)


def summed(rows: Iterable[Application], paid: dict[tuple[int, bool], int]) -> Sums:
    """The sums of some applications."""
    sums = Sums()
    for row in rows:
        sums.add(row, paid)
    return sums


def _by_bureau(ground: AnnualGround, paid: dict[tuple[int, bool], int]) -> Section:
    rows: list[tuple[Cell, ...]] = []
    told: list[tuple[str, int]] = []
    for program in ground.programs:
        held = [row for row in ground.of_this_year if row.call.program_id == program.pk]
        for bureau in ground.bureaus:
            own = [row for row in held if bureau.pk in (row.lead_bureau_id, row.lead_bureau.parent_id)]
            if own:
                rows.append((program.short_name, bureau.name, *summed(own, paid).cells))
    for bureau in ground.bureaus:
        own = [row for row in ground.of_this_year if bureau.pk in (row.lead_bureau_id, row.lead_bureau.parent_id)]
        if granted := summed(own, paid).granted_yen:
            told.append((bureau.name, granted // 1000))
    whole = summed(ground.of_this_year, paid)
    svg = pictures.bars(told, label=f"振興局別の交付決定額（千円）。{ground.year.wareki}", unit="千円")
    message = (
        f"{ground.year.wareki}は申請{whole.asked}件・{show_thousands(whole.requested_yen)}千円に対し、"
        f"{whole.granted}件・{show_thousands(whole.granted_yen)}千円の交付を決定した"
    )
    return Section(
        title=f"{ground.year.wareki}の振興局別・制度別",
        said=() if svg else (f"{message}。",),
        picture=Picture(message, svg) if svg else None,
        tables=(
            Table(
                key="振興局別・制度別の額",
                title="制度・振興局別の件数と額",
                heads=(
                    Head("制度", look="mid"),
                    Head("振興局", look="mid"),
                    Head("申請", "件", num=True),
                    Head("交付決定", "件", num=True),
                    *YEN,
                ),
                rows=tuple(rows),
                total=("計", "", *whole.cells) if rows else (),
                groups=1,
                look="money",
                empty="この年度に提出された申請の記録はない。",
            ),
        ),
    )


def _grants(ground: AnnualGround, paid: dict[tuple[int, bool], int]) -> Section:
    granted = [row for row in ground.of_this_year if row.granted_yen is not None]
    rows: list[tuple[Cell, ...]] = [
        (
            row.call.program.short_name,
            row.number,
            ground.name_in(row.region_id, row.fiscal_year, row.region.name),
            row.get_state_display(),
            *summed([row], paid).cells[2:],
        )
        for row in granted
    ]
    return Section(
        title=f"{ground.year.wareki}の交付決定",
        tables=(
            Table(
                key="交付決定の一覧",
                title="交付決定を受けた申請",
                heads=(
                    Head("制度", look="mid"),
                    Head("申請番号"),
                    Head("連携地域", look="mid"),
                    Head("状態", look="nw"),
                    *YEN,
                ),
                rows=tuple(rows),
                total=("計", f"{len(granted)}件", "", "", *summed(granted, paid).cells[2:]) if rows else (),
                groups=1,
                look="money",
                empty="この年度の交付決定の記録はない。",
            ),
        ),
    )


def _years(ground: AnnualGround, paid: dict[tuple[int, bool], int]) -> Section:
    years = sorted({row.fiscal_year for row in ground.applications})
    rows: list[tuple[Cell, ...]] = []
    series = []
    for program in ground.programs:
        held = [row for row in ground.applications if row.call.program_id == program.pk]
        by_year = {year: summed([row for row in held if row.fiscal_year == year], paid) for year in years}
        series.append((program.short_name, [by_year[year].granted_yen // 1000 for year in years]))
        rows += [
            (program.short_name, FiscalYear(year).wareki, year, *sums.cells)
            for year, sums in by_year.items()
            if sums.asked
        ]
    label = "年度別の交付決定額（千円）。数値は表にある"
    svg = pictures.stacked([FiscalYear(year).short for year in years], series, label=label) if years else ""
    return Section(
        title="年度別の推移",
        picture=Picture("年度別の交付決定額（千円）", svg) if svg else None,
        tables=(
            Table(
                key="年度別の額",
                title="制度・年度別の件数と額",
                heads=(
                    Head("制度", look="mid"),
                    Head("年度", look="nw"),
                    Head("西暦", num=True, look="plain"),
                    Head("申請", "件", num=True),
                    Head("交付決定", "件", num=True),
                    *YEN,
                ),
                rows=tuple(rows),
                groups=1,
                look="money",
                empty="交付額の記録がある年度はない。",
            ),
        ),
    )
