"""Rulesets as the rest of the room reads them: parsed once, numbers by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from municipalities.models import PopulationSeries

from .rules.ruleset import RuleSet, parse

if TYPE_CHECKING:
    from .models import RuleSetVersion

    Rulesets = frozenset[int] | QuerySet[RuleSetVersion, dict[str, Any]]


def rules_of(version: RuleSetVersion) -> RuleSet:
    """Return the parsed ruleset; a published version never changes, so it is parsed once per process."""
    if version.state != version.State.PUBLISHED:
        return parse(version.content)
    return _published(version.program_id, version.version, version.published_at, version)


def edition_name(rules: RuleSet) -> str:
    """The name of the edition of the projection that a ruleset counts with; its code where no such edition is known."""
    code = str(rules.value("series"))
    return PopulationSeries.objects.filter(pk=code).values_list("name", flat=True).first() or code


def editions() -> list[tuple[str, str]]:
    """Code and name of every edition of the projection that rules may count with."""
    return list(PopulationSeries.objects.filter(base_year__isnull=False).values_list("code", "name"))


@dataclass(frozen=True)
class Traits:
    """What lists need to know of a ruleset: who decides (bureau or hq), and how support years are counted.

    `counting` is empty where the ruleset limits no years.
    """

    authority: str
    counting: str


def traits() -> dict[int, Traits]:
    """Return the traits of every ruleset by primary key, read in the database without the rules. One query."""
    from .models import RuleSetVersion

    names = ("decision_authority", "year_counting", "max_years")
    rows = RuleSetVersion.objects.order_by().values_list("pk", *(f"content__parameters__{name}" for name in names))
    return {
        pk: Traits(str(_plain(authority)), str(_plain(counting)) if _plain(longest) else "")
        for pk, authority, counting, longest in rows
    }


def decided_by_hq(known: Mapping[int, Traits] | None = None) -> Rulesets:
    """The rulesets by which headquarters decides; by all others the lead bureau does.

    Primary keys where the traits are known; else a part of the question that is asked with it, without one of its own.
    """
    if known is not None:
        return frozenset(pk for pk, found in known.items() if found.authority == "hq")
    from .models import RuleSetVersion

    entry = "content__parameters__decision_authority"
    return RuleSetVersion.objects.filter(Q(**{entry: "hq"}) | Q(**{f"{entry}__value": "hq"})).order_by().values("pk")


def _plain(entry: object) -> object:
    """The value of a parameter, which a ruleset may write bare or with its source."""
    return entry.get("value") if isinstance(entry, dict) else entry


@lru_cache(maxsize=64)
def _published(program: str, number: int, published_at: datetime, version: RuleSetVersion) -> RuleSet:
    return parse(version.content)


def newest_value(name: str) -> Any:
    """The value of a parameter in the newest published ruleset that sets it; None where none does.

    For what the portal shows outside an application, which has a ruleset of its own.
    """
    from .models import RuleSetVersion

    versions = RuleSetVersion.objects.filter(state=RuleSetVersion.State.PUBLISHED)
    for version in versions.filter(content__parameters__has_key=name).order_by("-program__order", "-version")[:1]:
        return rules_of(version).value(name)
    return None
