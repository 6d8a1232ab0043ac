"""The search in the header: one question over everything this office may know, by name, number, word or amount."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.urls import reverse

from common.viewer import Duty, Viewer
from subsidies.models import Application
from subsidies.state_badges import badge
from subsidies.states import State

from .finding.folding import Question, Word, ask, fold, marks, snippet
from .finding.index import refresh
from .finding.places import MOST, Matching, Place, places
from .finding.scopes import Condition, scopes_of
from .finding.texts import ELSEWHERE
from .finding.tokens import Asked, amount_token, holding, kind_token, word_tokens
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
    """What one kind of thing yields: some hits, how many there are in all, and how to read all of them."""

    kind: str
    title: str
    hits: list[Hit]
    total: int
    every: Callable[[], Iterator[Hit]]

    @property
    def capped(self) -> bool:
        """Whether there may be more than were counted."""
        return self.total >= MOST


def search_for(viewer: Viewer, text: str, *, each: int = SHOWN, kind: str = "", page: int = 1) -> list[HitGroup]:
    """Return the kinds that found something, the best answer first; `each` hits a kind, or one page of one `kind`.

    What changed since the last question is read anew before. Of each kind the newest `MOST` that match are ranked and
    counted. Three queries, whatever is found.
    """
    question = ask(text)
    if not question.words:
        return []
    refresh()
    found = _found(viewer, question, kind)
    by_kind: dict[str, list[Place]] = {}
    for place in places(found.values(), _rank(question), each * (page - 1), each * page):
        by_kind.setdefault(place.kind, []).append(place)
    entries = SearchEntry.objects.in_bulk([place.pk for of_kind in by_kind.values() for place in of_kind])
    order = list(KINDS)
    return [
        HitGroup(
            name,
            KINDS[name].title,
            [_hit(entries[place.pk], question, viewer) for place in of_kind],
            of_kind[0].of,
            _every(name, found[name], question, viewer),
        )
        for name, of_kind in sorted(by_kind.items(), key=lambda one: (one[1][0].rank, order.index(one[0])))
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


def _found(viewer: Viewer, question: Question, kind: str) -> dict[str, Matching]:
    """What this person may find of each kind."""
    scopes = scopes_of(viewer).items()
    return {name: _matching(name, scope, question, viewer) for name, scope in scopes if kind in ("", name)}


def _rank(question: Question) -> Case:
    """0 is called so, 1 begins so, 2 has it in its name, 3 in its text."""
    whole = question.whole
    return Case(
        When(_has("name", f"\n{whole}\n"), then=0),
        When(_has("name", f"\n{whole}"), then=1),
        When(_has("name", whole), then=2),
        default=3,
    )


def _matching(kind: str, scope: Condition, question: Question, viewer: Viewer) -> Matching:
    """Those that hold every word: as text, as an amount, as a year, or as the state an application is in.

    The index of letters finds them; where a word is longer than what it knows, one looks into the text.
    """
    inside = kind == "document" and not viewer.sees_internal  # so that a town's question passes by what is not hers
    of_kind = [[kind_token(kind, SearchEntry.Layer.ALL if inside else "")]]
    asked, wanted = [of_kind], Q()
    name_only = kind == "application" and _reads_a_part(viewer)
    for word in question.words:
        looked = _has("name", word.folded) if name_only else _looked_up(word)
        states = _in_state(word, viewer) if kind == "application" else None
        if states is not None:
            wanted &= Q(pk__in=_held([of_kind, _ways(word)])) & looked | states
            continue
        asked.append(_ways(word))
        if name_only or not _exact(word):
            wanted &= looked
    return Matching(asked, scope, wanted)


def _ways(word: Word) -> list[list[int]]:
    """The ways in which an entry may hold the word, each as the tokens it then has; 「2026」 includes 「2026年度」."""
    ways = [word_tokens(word.folded)]
    if word.amount is not None:
        ways.append([amount_token(word.amount)])
    if word.year is not None:
        ways.append(word_tokens(_year(word)))
    return [way for way in ways if not any(set(other) < set(way) for other in ways)]


def _held(asked: Asked) -> RawSQL:
    sql, params = holding(asked)
    return RawSQL(sql, params)  # noqa: S611  # the values stand apart


def _exact(word: Word) -> bool:
    return len(word.folded) <= 2 and word.year is None


def _looked_up(word: Word) -> Q:
    text = _has("text", word.folded)
    if word.year is not None:
        text |= _has("text", _year(word))
    if word.amount is not None:
        text |= _has("amounts", f"|{word.amount}|")
    return text


def _year(word: Word) -> str:
    return f"{word.year}年度"


def _has(field: str, text: str) -> Q:
    return Q(GreaterThan(StrIndex(F(field), Value(text)), 0))


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
    cases = Application.objects.filter(Q(mine, state__in=own) | Q(~mine, state__in=others), pk=OuterRef("ref"))
    return Q(Exists(cases.order_by()))


def _every(kind: str, found: Matching, question: Question, viewer: Viewer) -> Callable[[], Iterator[Hit]]:
    def hits() -> Iterator[Hit]:
        visible = SearchEntry.objects.filter(SearchEntry.objects.scopes(viewer)[kind], found.wanted)
        matching = visible.filter(pk__in=_held(found.asked)).annotate(rank=_rank(question))
        rows = matching.order_by("rank", "order", "key").iterator(chunk_size=2000)
        return (_hit(entry, question, viewer) for entry in rows)

    return hits


def _hit(entry: SearchEntry, question: Question, viewer: Viewer) -> Hit:
    part = entry.kind == "application" and _reads_a_part(viewer)
    title = marks(entry.title, question)
    around = [] if part or any(found for _, found in title) else snippet(entry.shown, question)
    url = KINDS[entry.kind].url(entry.key, entry.ref)
    return Hit(entry.title, entry.note, url, title, around)
