"""`find_partners`: with whom could these towns apply? The question with its ground, the search, the answer.

The search judges millions of sets as arrays; what is shown is judged again by the plain engine, and the two must
agree. Nothing is stored.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from common.fiscal_year import FiscalYear
from municipalities.models import Bureau, PopulationFigure
from regions.models import NationalZone, Region
from subsidies.models import RuleSetVersion
from subsidies.questions import BadQuestion, Desk, Question, findings_json
from subsidies.rules.codec import encode
from subsidies.rules.engine import Evaluation, judge
from subsidies.rules.facts import ApplicationFacts, MemberFacts, ProjectFacts, RegionFacts, RegionType
from subsidies.rules.ruleset import Stage
from subsidies.rules.verdict import Result

from .connected import Graph
from .ranking import Group, Ranking, Reasons
from .search import Found, Search, Tell, TooMany, Wanted, nothing_told
from .tally import Gauge
from .verdicts import NoForm, compile_rules

SMALLEST, LARGEST = 2, 8
MOST_SHOWN = 500


@dataclass(frozen=True)
class Ask:
    """What is searched for. `given` are 6-digit codes; `largest` counts them too; `remote` towns may lie apart.

    `field` is the main field that the projects are taken to have (デジタル), empty while nothing is taken for granted.
    `within` is the code of a bureau to whose municipalities the search keeps.
    """

    program: str
    fiscal_year: FiscalYear
    given: tuple[str, ...]
    largest: int
    on: date
    series: str
    remote: int = 0
    field: str = ""
    within: str = ""
    limit: int = 20


@dataclass(frozen=True)
class Proposal:
    """One eligible set with its verdict by the plain engine and the reasons for it."""

    facts: RegionFacts
    verdict: Evaluation
    reasons: Reasons

    @property
    def members(self) -> tuple[MemberFacts, ...]:
        return self.facts.members


@dataclass(frozen=True)
class Answer:
    """How many sets were judged, how many by each result (pass, judge, no_data, fail), and the best that pass.

    `listed` is how many of the best the search has kept; `proposals` are those that were asked for.
    """

    ask: Ask
    searched: int
    counts: Mapping[str, int]
    listed: int
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True)
class Ready:
    """A question with its ground read and its rules compiled. `run` searches; it may be called once.

    `key` is a digest of all the answer depends on: the question, the rules, what is known of every town, the groups
    they work in. It changes with the ruleset's version and with the data, and with nothing else.
    """

    ask: Ask
    towns: tuple[MemberFacts, ...]
    ranking: Ranking
    search: Search
    key: str

    def run(self, tell: Tell = nothing_told) -> Found:
        """Judge every set. Raises BadQuestion where there are too many with remote members."""
        try:
            return self.search.run(tell)
        except TooMany as many:
            raise BadQuestion(
                f"離れた市町村を含む組合せが多すぎます（約{many.sets // 10_000:,}万通り）。"
                "市町村の数の上限を小さくするか、離れた市町村の数を1にしてください。"
            ) from many


class Disagreement(AssertionError):
    """The array judgement and the plain engine gave different answers: a fault of ours, never shown as an answer."""


class Finder:
    """Searches one prefecture; reads its municipalities once and keeps what a question's day and edition need.

    `trial` is a version that answers for its program although it is not published.
    """

    def __init__(self, prefecture: str, *, trial: RuleSetVersion | None = None) -> None:
        self.prefecture = prefecture
        self.desk = Desk(prefecture=prefecture, trial=trial)
        self.codes = sorted(code for code in self.desk.ground.names if code[:2] == prefecture)
        self._whole: dict[tuple[str, int, date, str], RegionFacts] = {}
        self._groups: dict[date, tuple[list[Group], list[Group]]] = {}
        self._problems: dict[str, dict[str, frozenset[str]]] = {}

    def read(self, raw: Mapping[str, Any]) -> Ask:
        """Read a question from texts or JSON: program, fiscal_year, given, largest, on, series, remote,
        field, within, limit.

        Raises BadQuestion with a Japanese sentence.
        """
        given = _codes(raw.get("given"))
        # The same reading as 要件チェック; it asks for two towns or more, so a lone one is read beside any other.
        padding = [code for code in self.codes if code[:5] not in {one[:5] for one in given}]
        asked = self.desk.read(
            {key: raw.get(key) for key in ("program", "fiscal_year", "on", "series")}
            | {"members": [*given, *padding[: max(0, SMALLEST - len(given))]]}
        )
        largest = _whole_number(raw.get("largest"), "市町村の数の上限（max-size）", SMALLEST, LARGEST, LARGEST)
        if largest < len(given):
            raise BadQuestion(
                f"市町村の数の上限（{largest}）が、指定した市町村の数（{len(given)}）より小さくなっています。"
            )
        remote = _whole_number(raw.get("remote"), "離れた市町村の数（remote）", 0, 2, 0)
        if remote and not given:
            raise BadQuestion("離れた市町村を含めて探すときは、起点の市町村を指定してください。")
        field = str(raw.get("field") or "")
        fields = self.desk.rules(asked.program, asked.fiscal_year).fields
        if field and field not in fields:
            raise BadQuestion(f"分野「{field}」はこの制度の対象外です（{'、'.join(fields)}）。")
        within = str(raw.get("within") or "")
        if within and not Bureau.objects.filter(pk=within, prefecture=self.prefecture).exists():
            raise BadQuestion(f"振興局「{within}」は登録されていません。")
        return Ask(
            asked.program,
            asked.fiscal_year,
            tuple(sorted(asked.members[: len(given)])),
            largest,
            asked.on,
            asked.series,
            remote,
            field,
            within,
            _whole_number(raw.get("limit"), "表示する件数（limit）", 1, MOST_SHOWN, 20),
        )

    def find(self, ask: Ask) -> Answer:
        """Judge every set and return the best that pass. Raises BadQuestion where the search would be too large."""
        ready = self.prepare(ask)
        return self.answer(ready, ready.run(), ask.limit)

    def prepare(self, ask: Ask) -> Ready:
        """Read the ground and compile the rules; nothing is searched yet. Raises BadQuestion for rules without form."""
        whole = self._facts(ask)
        towns = self._towns_within(whole, ask)
        places = {town.code: place for place, town in enumerate(towns)}
        gauge, graph = Gauge(towns), Graph([[places[o] for o in town.neighbours if o in places] for town in towns])
        together, regions = self._known_groups(ask.on)
        near = [region for region in regions if region.members.intersection(ask.given)] if ask.given else regions
        problems = self._shared_problems(ask.series)
        rules = self.desk.rules(ask.program, ask.fiscal_year)
        try:
            compiled = compile_rules(rules, gauge, supposed(whole, ask.field))
        except NoForm as missing:
            raise BadQuestion(f"この制度の要件「{missing}」は、組合せの検索に対応していません。") from missing
        ranking = Ranking(gauge, together=together, regions=near, problems=problems)
        given = tuple(places[code] for code in ask.given)
        wanted = Wanted(given, max(SMALLEST, len(given)), ask.largest, ask.limit, ask.remote)
        content = [ask, rules.content, towns, together, near, problems]
        return Ready(ask, towns, ranking, Search(graph, gauge, compiled, ranking, wanted), _digest(content))

    def answer(self, ready: Ready, found: Found, most: int) -> Answer:
        """What was found, its best `most` sets judged again by the plain engine. Raises Disagreement."""
        shown = self._shown(ready, found.best[:most])
        return Answer(ready.ask, found.searched, dict(found.counts), len(found.best), shown)

    def _towns_within(self, whole: RegionFacts, ask: Ask) -> tuple[MemberFacts, ...]:
        """The municipalities to search among: all, or those under one bureau and its branches."""
        if not ask.within:
            return whole.members
        offices = set(Bureau.objects.filter(Q(pk=ask.within) | Q(parent=ask.within)).values_list("code", flat=True))
        towns = tuple(town for town in whole.members if town.bureau in offices)
        if outside := sorted(set(ask.given) - {town.code for town in towns}):
            raise BadQuestion(f"{self.desk.ground.names[outside[0]]}は、指定した振興局の管内にありません。")
        return towns

    def _shown(self, ready: Ready, best: Sequence[tuple[int, ...]]) -> tuple[Proposal, ...]:
        ask = ready.ask
        rules = self.desk.rules(ask.program, ask.fiscal_year)
        proposals = []
        for chosen in best:
            codes = tuple(ready.towns[town].code for town in chosen)
            question = Question(ask.program, ask.fiscal_year, codes, RegionType.FLAT, "", ask.series, ask.on)
            facts = self.desk.facts(question)
            verdict = judge(rules, supposed(facts, ask.field), stages=(Stage.REGION,))
            if verdict.result not in (Result.PASS, Result.NOT_APPLICABLE):
                raise Disagreement(f"{'、'.join(codes)}: pass as arrays, {verdict.result} by the engine")
            proposals.append(Proposal(facts, verdict, ready.ranking.reasons(facts.members)))
        return tuple(proposals)

    def _facts(self, ask: Ask) -> RegionFacts:
        """The whole prefecture as one region: what is known of each town on the day."""
        key = (ask.program, int(ask.fiscal_year), ask.on, ask.series)
        if key not in self._whole:
            self._whole[key] = self.desk.ground.region(
                self.codes, program=ask.program, fiscal_year=ask.fiscal_year, on=ask.on, series=ask.series
            )
        return self._whole[key]

    def _known_groups(self, on: date) -> tuple[list[Group], list[Group]]:
        """Zones and regions in which towns work or worked together, and the regions that act on the day."""
        if on not in self._groups:
            zones = [
                Group(zone.name, frozenset(row.municipality_id for row in zone.memberships.all()))
                for zone in NationalZone.objects.of_prefecture(self.prefecture).prefetch_related("memberships")
            ]
            regions, acting = [], []
            known = Region.objects.filter(prefecture=self.prefecture).exclude(state=Region.State.IDEA)
            for region in known.prefetch_related("memberships").order_by("code"):
                rows = [row for row in region.memberships.all() if row.joined_on <= on]
                regions.append(Group(region.name, frozenset(row.municipality_id for row in rows)))
                now = frozenset(row.municipality_id for row in rows if row.left_on is None or row.left_on >= on)
                if now and region.state in ACTING:
                    acting.append(Group(region.name, now))
            self._groups[on] = ([group for group in (*zones, *regions) if group.members], acting)
        return self._groups[on]

    def _shared_problems(self, series: str) -> dict[str, frozenset[str]]:
        """The towns that the projection hits harder than the prefecture as a whole, by problem."""
        if series not in self._problems:
            self._problems[series] = problems_in(self.prefecture, series)
        return self._problems[series]


ACTING = (Region.State.FORMED, Region.State.SUPPORTED, Region.State.SELF_RUNNING)
TARGET = 2040


def supposed(region: RegionFacts, field: str) -> ApplicationFacts:
    """A region alone, or with one project of this main field in which all its members take part."""
    if not field:
        return ApplicationFacts.of_region(region)
    return ApplicationFacts.of_region(
        region, projects=(ProjectFacts("想定の取組", field, participants=tuple(one.code for one in region.members)),)
    )


def problems_in(prefecture: str, series: str) -> dict[str, frozenset[str]]:
    """Towns whose decline to 2040, or share of elderly in 2040, is above that of all towns together; one query."""
    rows = PopulationFigure.objects.filter(series=series, municipality__prefecture=prefecture, total__gt=0)
    base: dict[str, int] = {}
    target: dict[str, int] = {}
    old: dict[str, int] = {}
    for code, year, start, total, elderly in rows.values_list(
        "municipality", "year", "series__base_year", "total", "age_65_over"
    ):
        if year == start:
            base[code] = total or 0
        elif year == TARGET:
            target[code] = total or 0
            if elderly is not None:
                old[code] = elderly
    both = base.keys() & target.keys()
    all_base, all_target = sum(base[code] for code in both), sum(target[code] for code in both)
    aged = sum(target[code] for code in old)
    all_old = sum(old.values())
    return {
        f"{TARGET}年までの人口減少": frozenset(
            code for code in both if (base[code] - target[code]) * all_base > (all_base - all_target) * base[code]
        ),
        f"{TARGET}年の高齢化": frozenset(code for code in old if old[code] * aged > all_old * target[code]),
    }


def answer_json(answer: Answer) -> dict[str, Any]:
    """The answer as the command prints it, codes with 5 digits (rulings "Commands")."""
    return {
        "program": answer.ask.program,
        "fiscal_year": int(answer.ask.fiscal_year),
        "on": answer.ask.on.isoformat(),
        "searched": answer.searched,
        "eligible": answer.counts.get("pass", 0),
        "judge": answer.counts.get("judge", 0),
        "no_data": answer.counts.get("no_data", 0),
        "sets": [
            {
                "members": [member.code for member in proposal.members],
                "result": proposal.verdict.result.value,
                "findings": findings_json(proposal.verdict.findings),
                "reasons": list(proposal.reasons.texts),
            }
            for proposal in answer.proposals
        ],
    }


def _digest(content: Sequence[Any]) -> str:
    """SHA-256 over exact JSON: the same for the same content in every process."""
    text = json.dumps(encode(content), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _codes(raw: Any) -> list[str]:
    given = raw.replace("、", ",").split(",") if isinstance(raw, str) else (raw or [])
    return [str(item).strip() for item in given if str(item).strip()]


def _whole_number(raw: Any, label: str, least: int, most: int, default: int) -> int:
    if raw in (None, ""):
        return default
    try:
        number = int(raw)
    except (TypeError, ValueError):
        number = least - 1
    if not least <= number <= most:
        raise BadQuestion(f"{label}は{least}から{most}までの整数で指定してください。")
    return number
