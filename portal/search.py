"""The search in the header: one question over everything this office may know, by name, number, word or amount."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber, StrIndex
from django.db.models.lookups import GreaterThan
from django.urls import reverse

from common.viewer import Duty, Viewer
from subsidies.models import Application
from subsidies.state_badges import badge
from subsidies.states import State

from .finding.folding import Question, Word, ask, fold, marks, snippet
from .finding.index import refresh
from .finding.texts import ELSEWHERE
from .models import SearchEntry

SHOWN = 20
SUGGESTED, SUGGESTED_EACH = 8, 3
CLOSE_ENOUGH = 0.6

Marked = list[tuple[str, bool]]


@dataclass(frozen=True)
class Kind:
    """One kind of thing: its heading, and the page of one of them."""

    title: str
    view: str
    by_ref: bool = False  # the page belongs to the application, not to the thing

    def url(self, key: str, ref: int | None) -> str:
        return reverse(self.view, args=[ref if self.by_ref else key])


KINDS = {
    "application": Kind("申請", "subsidies:application_detail"),
    "document": Kind("発行した文書", "subsidies:document_preview"),
    "payment": Kind("請求・支払", "subsidies:application_detail", by_ref=True),
    "note": Kind("審査メモ・意見（庁内限り）", "subsidies:application_review"),
    "region": Kind("連携地域", "regions:region_detail"),
    "project": Kind("取組", "regions:project_detail"),
    "agreement": Kind("地域連携協定", "regions:agreement_detail"),
    "vision": Kind("地域連携ビジョン", "regions:vision_detail"),
    "plan": Kind("広域連携前進プラン", "regions:plan_detail"),
    "meeting": Kind("検討会議", "regions:meeting_detail"),
    "call": Kind("募集", "subsidies:call_detail"),
    "municipality": Kind("市町村", "municipalities:municipality_detail"),
}


@dataclass(frozen=True)
class Hit:
    """One thing found; `marked` is its title and `around` the place in its text, in pieces (text, was it asked for)."""

    title: str
    note: str
    url: str
    marked: Marked
    around: Marked


@dataclass(frozen=True)
class HitGroup:
    """What one kind of thing yields: some hits, how many there are in all, and how to read on."""

    kind: str
    title: str
    hits: list[Hit]
    total: int
    every: Callable[[], Iterator[Hit]]


def search_for(viewer: Viewer, text: str, *, each: int = SHOWN, kind: str = "", page: int = 1) -> list[HitGroup]:
    """Return the kinds that found something, the best answer first; `each` hits a kind, or one page of one `kind`.

    What changed since the last question is read anew before. Three queries, whatever is found.
    """
    question = ask(text)
    if not question.words:
        return []
    refresh()
    found = _ranked(viewer, question, kind)
    placed = found.annotate(
        place=Window(RowNumber(), partition_by=F("kind"), order_by=[F("rank"), F("order"), F("key")]),
        of=Window(Count("*"), partition_by=F("kind")),
    ).filter(place__gt=each * (page - 1), place__lte=each * page)
    rows = list(placed.order_by("place").values("pk", "kind", "rank", "of"))
    entries = SearchEntry.objects.in_bulk([row["pk"] for row in rows])
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_kind.setdefault(row["kind"], []).append(row)
    order = list(KINDS)
    return [
        HitGroup(
            name,
            KINDS[name].title,
            [_hit(entries[row["pk"]], question, viewer) for row in of_kind],
            of_kind[0]["of"],
            _every(found.filter(kind=name), question, viewer),
        )
        for name, of_kind in sorted(by_kind.items(), key=lambda one: (one[1][0]["rank"], order.index(one[0])))
    ]


def every_hit(viewer: Viewer, text: str) -> Iterator[tuple[HitGroup, Hit]]:
    """Everything found with its group, in the order of the page."""
    return ((group, hit) for group in search_for(viewer, text, each=1) for hit in group.every())


def suggestions(viewer: Viewer, text: str) -> list[tuple[HitGroup, Hit]]:
    """The first answers while somebody types: the best of each kind before the second best of any."""
    groups = search_for(viewer, text, each=SUGGESTED_EACH)
    ranked = [(depth, place) for depth in range(SUGGESTED_EACH) for place in range(len(groups))]
    taken = [(place, depth) for depth, place in ranked if depth < len(groups[place].hits)][:SUGGESTED]
    return [(groups[place], groups[place].hits[depth]) for place, depth in sorted(taken)]


def perhaps_meant(viewer: Viewer, text: str) -> list[str]:
    """Names of regions and of the prefecture's towns that look like what was asked, for a search that found nothing."""
    names = SearchEntry.objects.visible_to(viewer).filter(kind__in=["municipality", "region"], order__lt=ELSEWHERE)
    known = {fold(title): title for title in names.values_list("title", flat=True)}
    return [known[name] for name in get_close_matches(ask(text).whole, known, n=3, cutoff=CLOSE_ENOUGH)]


def _ranked(viewer: Viewer, question: Question, kind: str) -> QuerySet[SearchEntry]:
    """What this person may find, each with `rank`: 0 is called so, 1 begins so, 2 has it in its name, 3 in its text."""
    found: QuerySet[SearchEntry] = SearchEntry.objects.visible_to(viewer)
    if kind:
        found = found.filter(kind=kind)
    for word in question.words:
        found = found.filter(_holds(word, viewer))
    whole = question.whole
    return found.annotate(
        rank=Case(
            When(_has("name", f"\n{whole}\n"), then=0),
            When(_has("name", f"\n{whole}"), then=1),
            When(_has("name", whole), then=2),
            default=3,
        )
    )


def _has(field: str, text: str) -> Q:
    return Q(GreaterThan(StrIndex(F(field), Value(text)), 0))


def _holds(word: Word, viewer: Viewer) -> Q:
    """Whether an entry holds the word: as text, as an amount, as a year, or as the state an application is in."""
    text = _has("text", word.folded)
    if word.year is not None:
        text |= _has("text", f"{word.year}年度")
    if word.amount is not None:
        text |= _has("amounts", f"|{word.amount}|")
    if _reads_a_part(viewer):
        text = Q(~Q(kind="application"), text) | Q(_has("name", word.folded), kind="application")
    states = _in_state(word, viewer)
    return text | states if states is not None else text


def _reads_a_part(viewer: Viewer) -> bool:
    """Whether this person reads only her part of an application, and so finds it by number and name alone."""
    return viewer.is_municipal and not viewer.has(Duty.MP, Duty.MA)


def _in_state(word: Word, viewer: Viewer) -> Q | None:
    """Applications whose state this person reads as that word (要審査 for one is 審査中 for another)."""
    if len(word.folded) < 2:
        return None
    field = "lead" if viewer.is_municipal else "lead_bureau"
    own, others = (
        [
            state
            for state in State
            if word.folded in fold(badge(Application(state=state, **{f"{field}_id": code}), viewer).label)
        ]
        for code in (viewer.office.code, "")
    )
    if not own and not others:
        return None
    mine = Q(**{field: viewer.office.code})
    cases = Application.objects.filter(Q(mine, state__in=own) | Q(~mine, state__in=others))
    return Q(kind="application", ref__in=cases.order_by().values("pk"))


def _every(found: QuerySet[SearchEntry], question: Question, viewer: Viewer) -> Callable[[], Iterator[Hit]]:
    def hits() -> Iterator[Hit]:
        rows = found.order_by("rank", "order", "key").iterator(chunk_size=2000)
        return (_hit(entry, question, viewer) for entry in rows)

    return hits


def _hit(entry: SearchEntry, question: Question, viewer: Viewer) -> Hit:
    part = entry.kind == "application" and _reads_a_part(viewer)
    title = marks(entry.title, question)
    around = [] if part or any(found for _, found in title) else snippet(entry.shown, question)
    url = KINDS[entry.kind].url(entry.key, entry.ref)
    return Hit(entry.title, entry.note, url, title, around)
