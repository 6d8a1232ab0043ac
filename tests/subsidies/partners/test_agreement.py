"""The judgement by arrays and the plain engine give the same answer on every set."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from django.conf import settings
from numpy.typing import NDArray

from subsidies.partners.connected import Graph
from subsidies.partners.finder import supposed
from subsidies.partners.forms import FORMS
from subsidies.partners.ranking import Ranking
from subsidies.partners.search import Search, Wanted
from subsidies.partners.tally import Gauge, Tally
from subsidies.partners.verdicts import CODES, compile_rules
from subsidies.rules.engine import judge
from subsidies.rules.facts import MemberFacts, Projection, RegionFacts, ZoneFacts, ZoneStatus
from subsidies.rules.kinds import KINDS
from subsidies.rules.ruleset import RuleSet, Stage, parse

SERIES = "drawn"
TOWNS = 60
PER_RUN = 1000


def rules_with(program: str, **changed: Any) -> RuleSet:
    """A published ruleset with other parameter values."""
    content = yaml.safe_load((Path(settings.BASE_DIR) / f"fixtures/programs/{program}.yaml").read_text())
    content.pop("about")
    for name, value in changed.items():
        content["parameters"][name]["value"] = value
    return parse(content)


def drawn_town(number: int, dice: random.Random, neighbours: list[int]) -> MemberFacts:
    """A town of any status; some have no projection, some only a part of one, some lie on the threshold."""
    status = dice.choices(list(ZoneStatus), weights=[10, 2, 5, 1, 1])[0]
    zones = ()
    if status.in_zone:
        zones = tuple(ZoneFacts(code, f"圏域{code}", status) for code in dice.sample("abc", dice.choice([1, 1, 2])))
    base = dice.randrange(800, 40_000, 10)
    lost = dice.choice([base * 3 // 10, base * 29 // 100, dice.randrange(0, base // 2)])
    years = {2015: base, 2040: base - lost}
    match dice.randrange(25):
        case 0:
            projection = None
        case 1:
            projection = Projection(SERIES, "作例", 2015, ((2015, base),))
        case _:
            projection = Projection(SERIES, "作例", 2015, tuple(years.items()))
    return MemberFacts(
        code=f"{number:06d}",
        name=f"町{number}",
        status=status,
        bureau=dice.choice("東西南"),
        zones=zones,
        neighbours=tuple(f"{other:06d}" for other in sorted(neighbours)),
        projection=projection,
    )


def drawn_land(dice: random.Random) -> list[MemberFacts]:
    near: list[set[int]] = [set() for _ in range(TOWNS)]
    for town in range(1, TOWNS):
        for other in {dice.randrange(max(0, town - 6), town) for _ in range(dice.choice([0, 1, 1, 2]))}:
            near[town].add(other)
            near[other].add(town)
    return [drawn_town(town, dice, sorted(near[town])) for town in range(TOWNS)]


class Recorder(Search):
    """A search that keeps a sample of what it judged."""

    seen: list[tuple[Tally, NDArray[np.int64]]]
    dice: np.random.Generator

    def _judge(self, sets: Tally, towns_of: Callable[[Any], NDArray[np.int64]]) -> None:
        rows = np.flatnonzero(sets.count(self.given) == len(self.wanted.given))
        some = rows[self.dice.permutation(len(rows))[:40]]
        self.seen.append((sets.only(some), towns_of(some)))
        super()._judge(sets, towns_of)


VARIANTS: list[tuple[str, dict[str, Any], str]] = [
    ("model", {}, ""),
    ("model", {"flat_mode": "total"}, ""),
    ("model", {"undeclared_hub": "allow", "contiguity": "warn"}, ""),
    ("acceleration", {}, ""),
    ("acceleration", {"blank_share": "2/3", "undeclared_hub": "allow"}, ""),
    ("acceleration", {"zone_member_adjacency": "off", "blank_share": "3/10"}, ""),
    ("successor", {}, ""),
    ("successor", {"contiguity": "off", "blank_share": "2/3"}, ""),
    ("successor", {"contiguity": "warn"}, "医療"),
    ("successor", {}, "医療"),
]


@pytest.mark.parametrize(("program", "changed", "field"), VARIANTS)
def test_arrays_and_engine_agree_on_random_sets(program: str, changed: dict[str, Any], field: str):
    dice = random.Random(f"{program}{changed}{field}")
    towns, rules = drawn_land(dice), rules_with(program, **changed)
    by_code = {town.code: town for town in towns}
    year = int(rules.value("fy_from"))

    def facts(members: Sequence[int]) -> RegionFacts:
        inside = tuple(towns[town] for town in members)
        codes = {town.code for town in inside}
        outside = sorted({code for town in inside for code in town.neighbours} - codes)
        return RegionFacts(
            program, year, date(year, 4, 1), inside, series=SERIES,
            outside=tuple(replace(by_code[code], projection=None) for code in outside),
        )  # fmt: skip

    graph = Graph([[int(code) for code in town.neighbours] for town in towns])
    single = [replace(rules, rows=(row,)) for row in rules.walk() if Stage.REGION in row.stages]
    asked = [rules, *single]
    judged, results = 0, {}
    for given in ((), *((town,) for town in dice.sample(range(TOWNS), 4)), tuple(dice.sample(range(TOWNS), 2))):
        gauge = Gauge(towns)
        sample = supposed(facts(range(TOWNS)), field)
        compiled = [compile_rules(one, gauge, sample) for one in asked]
        ranking = Ranking(gauge, together=[], regions=[], problems={})
        search = Recorder(graph, gauge, compiled[0], ranking, Wanted(given, 2, 6, 10, remote=2 if given else 0))
        search.seen, search.dice = [], np.random.default_rng(dice.randrange(1 << 30))
        search.run()
        for tally, members in search.seen:
            codes = [one(tally) for one in compiled]
            judged += len(members)
            for at, row in enumerate(members):
                region = supposed(facts([int(town) for town in row]), field)
                for one, code in zip(asked, codes, strict=True):
                    plain = judge(one, region, stages=(Stage.REGION,)).result
                    results.setdefault(one.rows[0].id if one is not rules else "", set()).add(plain)
                    assert CODES[plain] == code[at], (one.rows, plain, code[at], [towns[town] for town in row])
    assert judged >= PER_RUN
    varied = [rule for rule, seen in results.items() if len(seen) > 1]
    assert varied, results  # a sample that always answers alike would prove nothing


def test_every_kind_that_looks_at_the_members_has_a_form():
    assert {name for name, kind in KINDS.items() if "members" in kind.needs} == set(FORMS)
