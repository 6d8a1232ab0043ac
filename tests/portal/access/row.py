"""What a row of the access matrix says, and short ways to write the rows of one kind of page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from common import clock
from common.fiscal_year import FiscalYear
from common.viewer import Duty

ALL = frozenset(Duty)
TOWN = frozenset({Duty.MP, Duty.MA, Duty.MF})
BUREAU = frozenset({Duty.BS, Duty.BM})
HEADQUARTERS = frozenset({Duty.HS, Duty.HM})
NOBODY: frozenset[Duty] = frozenset()
OUTSIDE = frozenset({Duty.AD, Duty.OB})  # they see no application at all
REVIEWERS = BUREAU | HEADQUARTERS | {Duty.SD, Duty.AU}  # they may open the page of a review
UNSENT = ALL - TOWN - {Duty.AU}  # who may not know an application that the towns have shown to nobody


def only(*duties: str) -> frozenset[Duty]:
    """`only("BS", "BM")`."""
    return frozenset(Duty(duty) for duty in duties)


@dataclass(frozen=True)
class Row:
    """One URL."""

    view: str
    ok: frozenset[Duty] = ALL
    hidden: frozenset[Duty] = NOBODY
    named: tuple[str, ...] = ()
    args: tuple[object, ...] = ()
    query: str = ""
    post: Mapping[str, str] | None = None
    answers: int = 200
    public: bool = False
    open_to_strangers: bool = False
    strangers: int = 404
    writers: frozenset[Duty] | None = None  # who may post where reading is wider; None: `ok`

    def may_post(self, duty: Duty) -> bool:
        """Whether a form from the holder of the duty is read at all."""
        return duty in (self.ok if self.writers is None else self.writers)

    def expected(self, duty: Duty) -> int:
        """The status that the holder of the duty inside the territory reads."""
        return self.answers if duty in self.ok else 404 if duty in self.hidden else 403


READS_ANNUAL = ALL - only("MF", "AC", "AD")


def annual(view: str, *more: object, **given: Any) -> Row:
    """A page of the annual report that is not issued yet: headquarters and auditors."""
    year = int(FiscalYear.of(clock.today()))
    return Row(view, args=(year, *more), **{"ok": HEADQUARTERS | only("AU")} | given)


def annual_paper(view: str, **given: Any) -> Row:
    """A page of an issued annual report: whoever reads the indicators, of any territory."""
    return Row(view, named=("annual",), **{"ok": READS_ANNUAL, "hidden": NOBODY, "open_to_strangers": True} | given)


def case(view: str, ok: frozenset[Duty], **more: Any) -> Row:
    """A page of a submitted application, under review at the bureau: absent for whoever has no part in grants."""
    return Row(view, **{"named": ("case",), "ok": ok, "hidden": OUTSIDE} | more)


def paper(view: str, ok: frozenset[Duty] = ALL - OUTSIDE - only("MF"), **more: Any) -> Row:
    """A page of an issued paper that is not 庁内限り (row 19)."""
    return Row(view, named=("paper",), ok=ok, hidden=OUTSIDE | only("MF"), **more)


def call(view: str, ok: frozenset[Duty], **more: Any) -> Row:
    """An act on a call (row 10)."""
    return Row(view, named=("call",), ok=ok, hidden=only("MF", "AD", "OB"), open_to_strangers=True, **more)


READS_MONEY = ALL - OUTSIDE - only("MF", "SD")  # row 22


def money(view: str, ok: frozenset[Duty], named: str = "claimed", **more: Any) -> Row:
    """A page of the money of one grant (row 22)."""
    return Row(view, **{"named": (named,), "ok": ok, "hidden": OUTSIDE} | more)


READS_PROGRESS = ALL - OUTSIDE - only("SD", "AC")  # row 21
READS_REPORTS = ALL - OUTSIDE - only("SD")  # row 23


def told(view: str, ok: frozenset[Duty] = READS_REPORTS, **more: Any) -> Row:
    """A page on what the towns tell of their work: a grant whose report is due."""
    return Row(view, **{"named": ("to_report",), "ok": ok, "hidden": OUTSIDE} | more)


READS_FOLLOW_UPS = TOWN | BUREAU | HEADQUARTERS | only("AU")  # row 27


DESIGNERS = HEADQUARTERS | only("SD", "AU", "AD")  # who may know a draft of rules


def design(view: str, ok: frozenset[Duty] = DESIGNERS, **more: Any) -> Row:
    """A page of a draft in the rule studio (row 9): written by headquarters staff and the administrator."""
    said = {"named": ("rules_draft",), "ok": ok, "hidden": ALL - DESIGNERS, "writers": only("HS", "AD")}
    return Row(view, **(said | more))


def vision_part(view: str, **more: Any) -> Row:
    """A page on which a planner writes a vision that only the towns concerned know (row 6)."""
    return Row(view, **{"named": ("vision_draft",), "ok": only("MP"), "hidden": BUREAU | only("OB")} | more)


def disposal(view: str, ok: frozenset[Duty], named: str = "disposal_list", **more: Any) -> Row:
    """A page of a disposal list (row 38): known to headquarters, auditors and the administrator."""
    known = HEADQUARTERS | only("AU", "AD")
    return Row(view, named=(named,), ok=ok, hidden=ALL - known, open_to_strangers=True, **more)


def simulation(view: str, ok: frozenset[Duty], **more: Any) -> Row:
    """A page of a simulation that is not adopted (row 10): known to headquarters and auditors."""
    known = HEADQUARTERS | only("AU")
    return Row(view, named=("simulation",), ok=ok, hidden=ALL - known, open_to_strangers=True, **more)


def batch(view: str, ok: frozenset[Duty], **more: Any) -> Row:
    """A page of batch work that the reviewer of the bureau did: known to her office and to auditors."""
    known = BUREAU | only("AU")
    return Row(view, named=("batch",), ok=ok, hidden=ALL - known, **more)


SEES_RUNS = BUREAU | HEADQUARTERS | only("AU", "AD")  # of a bureau


def sheet_run(view: str, ok: frozenset[Duty], **more: Any) -> Row:
    """A page of a sheet that the bureau brings in (row 36)."""
    return Row(view, named=("sheet_run",), ok=ok, hidden=ALL - SEES_RUNS, **more)


def meeting(view: str, ok: frozenset[Duty], **more: Any) -> Row:
    """A page of a meeting to come, known to those who will attend (row 8)."""
    return Row(view, **{"named": ("meeting_planned",), "ok": ok, "hidden": only("OB")} | more)


READS_KPIS = ALL - only("AC", "AD", "OB")  # of a region that only its towns know


def kpi(view: str, ok: frozenset[Duty], **more: Any) -> Row:
    """A page about KPIs of a region that is still an idea (row 26)."""
    return Row(view, **{"named": ("kpi_region",), "ok": ok, "hidden": only("OB")} | more)


HANDS_OVER = only("MP", "MA", "BS", "BM", "AD")


def handover(view: str, ok: frozenset[Duty], **more: Any) -> Row:
    """A page of a hand-over of the town (row 37)."""
    return Row(view, named=("handover",), ok=ok, hidden=BUREAU | only("OB"), **more)


READS_DRAFTS = TOWN | HEADQUARTERS | only("SD", "AU")  # of papers that only the towns concerned know
READS_FORECASTS = ALL - only("AC")
READS_PLANS = only("MP", "MA", "SD", "AU", "OB") | BUREAU | HEADQUARTERS
READS_STAGES = READS_PLANS - only("SD")
