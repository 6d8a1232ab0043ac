"""The side navigation: what each duty comes for, at most twelve entries, none of them leading nowhere.

An entry whose address does not exist (its page comes later) is left out, and so is one whose action the person may
not read. Rooms count what waits behind an entry by `count(key)`; it is asked only while the menu is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from common.viewer import Access, Duty, Viewer
from regions.duties import AGREEMENT
from regions.models import Agreement

from .worklist import count_for

LIMIT = 12
Counter = Callable[[Viewer], int]
_counters: dict[str, Counter] = {}

TOWN = frozenset({Duty.MP, Duty.MA, Duty.MF})
BUREAU = frozenset({Duty.BS, Duty.BM})
HEADQUARTERS = frozenset({Duty.HS, Duty.HM})
OFFICES = BUREAU | HEADQUARTERS | {Duty.SD, Duty.AU, Duty.OB}  # who looks over more than one town
ALL = frozenset(Duty)
KEEPERS = HEADQUARTERS | {Duty.BM, Duty.AU}  # who comes for the year's turn, payments and what is kept
KPI_READERS = frozenset({Duty.MF, Duty.SD, Duty.OB})  # KPIs have an entry of their own for them


@dataclass(frozen=True)
class Entry:
    """One line of the menu: its words, the name of its view, the duties that see it, the key of its counter.

    `section` are beginnings of view names that mark the entry as the present place (`subsidies:application`); of
    several entries that somebody sees the last one does, so that a wide one may stand before a narrower one.
    """

    label: str
    view: str
    duties: frozenset[Duty]
    counter: str = ""
    section: str | tuple[str, ...] = ""

    @property
    def url(self) -> str:
        return reverse(self.view)

    @property
    def exists(self) -> bool:
        try:
            return bool(self.url)
        except NoReverseMatch:
            return False

    def is_current(self, view_name: str) -> bool:
        """Whether the page shown belongs to this entry."""
        return view_name == self.view or bool(self.section and view_name.startswith(self.section))


@dataclass(frozen=True)
class Line:
    """An entry as the page shows it; `count` is None where nothing is counted."""

    title: str
    url: str
    current: bool
    count: int | None


@dataclass(frozen=True)
class Group:
    """A heading with its entries."""

    title: str
    entries: list[Line]


# fmt: off
MENU: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    ("仕事", (
        Entry("未処理一覧", "portal:worklist", ALL, "work"),
        Entry("申請・交付決定", "subsidies:application_list", ALL - {Duty.OB, Duty.AD}, "applications", "subsidies:"),
        Entry("支払", "subsidies:payment_list", frozenset({Duty.AC}), "",
              ("subsidies:payment", "subsidies:settlement")),
        Entry("申請を始める", "subsidies:apply", frozenset({Duty.MP, Duty.MA}), "",
              ("subsidies:apply", "subsidies:call")),
        Entry("代理入力", "subsidies:delegation_list", frozenset({Duty.BS}), section="subsidies:delegation"),
        Entry("要件を試す", "subsidies:check", ALL - {Duty.AD, Duty.AC}, section="subsidies:check"),
        Entry("募集と配分", "subsidies:call_list", HEADQUARTERS | BUREAU | {Duty.AC, Duty.AU, Duty.SD}, "",
              ("subsidies:call", "subsidies:budget", "subsidies:simulation", "subsidies:ledger")),
        Entry("制度とルール", "subsidies:program_list", ALL - {Duty.OB, Duty.AC, Duty.MF}, "",
              ("subsidies:program", "subsidies:studio", "subsidies:comparison")),
    )),
    ("地域", (
        Entry("連携地域", "regions:region_list", KPI_READERS, "", "regions:"),
        Entry("連携地域", "regions:region_list", ALL - KPI_READERS - {Duty.AC, Duty.AD}, "",
              ("regions:", "portal:kpi")),
        Entry("協定・ビジョン", "regions:agreement_list", TOWN | BUREAU | {Duty.OB}, "agreements",
              ("regions:agreement", "regions:vision")),
        Entry("前進プラン", "regions:plan_list", OFFICES | {Duty.MP, Duty.MA}, "",
              ("regions:plan", "regions:meeting", "regions:conference", "regions:stage")),
        Entry("国の圏域", "regions:zone_list", frozenset({Duty.SD, Duty.AU, Duty.OB, Duty.AD}), "", "regions:zone"),
        Entry("KPIの状況", "portal:kpi_list", KPI_READERS, "", ("portal:kpi", "regions:kpi")),
        Entry("地域の未来予測", "regions:forecast_look", TOWN | {Duty.SD, Duty.OB}, "", "regions:forecast"),
        Entry("市町村と人口", "municipalities:municipality_list", ALL - {Duty.AC}, "", "municipalities:municipality"),
    )),
    ("共有", (
        Entry("全道の状況", "portal:overview", ALL - {Duty.MF, Duty.AC, Duty.AD}, "",
              ("portal:overview", "portal:indicator", "portal:annual")),
        Entry("データの取込", "portal:import_list",
              frozenset({Duty.MP, Duty.BS, Duty.HS, Duty.AD}), "", "portal:import"),
        Entry("利用者と役割", "accounts:person_list",
              frozenset({Duty.MA, Duty.BM, Duty.HS, Duty.HM, Duty.AU, Duty.AD}), "",
              ("accounts:person", "accounts:absence", "accounts:handover")),
        Entry("自走化の状況", "subsidies:follow_up_summary", frozenset({Duty.OB}), "", "subsidies:follow_up_summary"),
        Entry("年度と記録", "portal:records", KEEPERS, "",
              ("portal:audit", "portal:retention", "portal:disposal", "portal:erased", "portal:rollover",
               "portal:calendar", "subsidies:payment", "subsidies:follow_up", "subsidies:disclosure")),
        Entry("操作の記録", "portal:audit_list", frozenset({Duty.AD}), "",
              ("portal:audit", "portal:retention", "portal:disposal", "portal:erased")),
        Entry("年度更新", "portal:rollover", frozenset({Duty.AD}), "", "portal:rollover"),
        Entry("システム管理", "admin:index", frozenset({Duty.AD}), "", "admin:"),
    )),
)
# fmt: on


def count(key: str) -> Callable[[Counter], Counter]:
    """Decorate the function that counts what waits behind the entries with this key."""

    def register(counter: Counter) -> Counter:
        _counters[key] = counter
        return counter

    return register


def menu_for(viewer: Viewer, view_name: str = "", known: Mapping[str, int] | None = None) -> list[Group]:
    """Return the groups this person sees, with counts; groups without lines are left out.

    `known` are counts the page has found out anyway (`request.counts`), by the key of their counter.
    """
    counts, room = known or {}, LIMIT
    seen: list[tuple[str, list[Entry]]] = []
    for title, entries in MENU:
        seen.append((title, [one for one in entries if viewer.has(*one.duties) and one.exists][:room]))
        room -= len(seen[-1][1])
    here = next((one for _, own in reversed(seen) for one in reversed(own) if one.is_current(view_name)), None)
    return [
        Group(title, [Line(one.label, one.url, one is here, _count(one.counter, viewer, counts)) for one in own])
        for title, own in seen
        if own
    ]


@count("agreements")
def _agreements(viewer: Viewer) -> int:
    """Agreements that wait for the consent of the approver's own municipality."""
    asked = viewer.is_municipal and viewer.may(AGREEMENT, Access.SUBMIT)
    return Agreement.objects.awaiting(viewer.office.code).count() if asked else 0


@count("work")
def _waiting(viewer: Viewer) -> int:
    return count_for(viewer)


def _count(key: str, viewer: Viewer, known: Mapping[str, int]) -> int | None:
    if key in known:
        return known[key]
    return _counters[key](viewer) if key in _counters else None
