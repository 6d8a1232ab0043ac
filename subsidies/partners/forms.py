"""The kinds of rules that depend on the members, said again for arrays of sets.

A form names what must be known of each town (a flag to count, people to add up, a mask that all members share) and
judges many sets at once from those sums; `sample` holds what the question takes for granted about any set (program,
year, date, the field of its projects). The plain functions in `subsidies/rules/kinds/` stay the law: tests compare
both on thousands of random sets, and whatever is shown to people is judged again by them. A kind whose `needs` do not
name the members answers alike for every set of one question; it has no form and is asked once.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from subsidies.rules.facts import ApplicationFacts, MemberFacts, ZoneStatus
from subsidies.rules.kinds.base import Values
from subsidies.rules.kinds.decline import EACH

from .tally import Gauge, Tally

NOT_APPLICABLE, PASS, JUDGE, NO_DATA, FAIL = -1, 0, 1, 2, 3
"""Results as numbers, worst last, so that "all of" is the greatest and "any of" the least; WARN counts as PASS."""

Codes = NDArray[np.int8]
Judge = Callable[[Tally], Codes]
Form = Callable[[Gauge, Values, ApplicationFacts], Judge]

FORMS: dict[str, Form] = {}
"""By the name of the kind."""


def form(name: str) -> Callable[[Form], Form]:
    """Register the form of a kind."""

    def register(made: Form) -> Form:
        FORMS[name] = made
        return made

    return register


def _is_zoned(member: MemberFacts) -> bool:
    return member.status.in_zone


def _is_unknown(member: MemberFacts) -> bool:
    return member.status == ZoneStatus.NO_DATA


def _cannot(values: Values) -> Callable[[MemberFacts], bool]:
    """Whether a municipality counts as unable to use the national schemes (`territory.counted`)."""
    allowed = values["undeclared_hub"] == "allow"
    return lambda member: member.status == ZoneStatus.NONE or (allowed and member.status == ZoneStatus.UNDECLARED_HUB)


def _judged(values: Values) -> Callable[[MemberFacts], bool]:
    allowed = values["undeclared_hub"] == "allow"
    return lambda member: member.status == ZoneStatus.UNDECLARED_HUB and not allowed


def _at_least(part: NDArray[np.int64], share: Fraction, whole: NDArray[np.int64] | int) -> NDArray[np.bool_]:
    """part / whole ≥ share, in whole numbers."""
    return part * share.denominator >= share.numerator * np.asarray(whole)


@form("blank_share")
def blank_share(gauge: Gauge, values: Values, sample: ApplicationFacts) -> Judge:
    blank, judged, unknown = gauge.count(_cannot(values)), gauge.count(_judged(values)), gauge.count(_is_unknown)
    share: Fraction = values["at_least"]

    def judge(sets: Tally) -> Codes:
        sure = sets.count(blank)
        with_judged = sure + sets.count(judged)
        perhaps = with_judged + sets.count(unknown)
        return np.select(
            [
                _at_least(sure, share, sets.size),
                _at_least(with_judged, share, sets.size),
                _at_least(perhaps, share, sets.size),
            ],
            [np.int8(PASS), np.int8(JUDGE), np.int8(NO_DATA)],
            np.int8(FAIL),
        )

    return judge


@form("blank_status")
def blank_status(gauge: Gauge, values: Values, sample: ApplicationFacts) -> Judge:
    blank, judged, unknown = gauge.count(_cannot(values)), gauge.count(_judged(values)), gauge.count(_is_unknown)
    share: Fraction = values["at_least"]

    def judge(sets: Tally) -> Codes:
        sure = sets.count(blank)
        with_judged = sure + sets.count(judged)
        perhaps = with_judged + sets.count(unknown)
        settled = (perhaps == sure) | _at_least(sure, share, sets.size) | ~_at_least(perhaps, share, sets.size)
        return np.select(
            [settled, ~_at_least(with_judged, share, sets.size)], [np.int8(PASS), np.int8(NO_DATA)], np.int8(JUDGE)
        )

    return judge


@form("zone_member_adjacency")
def zone_member_adjacency(gauge: Gauge, values: Values, sample: ApplicationFacts) -> Judge:
    """A member of a zone is cut off when the part of the map it hangs together with holds no blank municipality."""
    unknown, zoned = gauge.count(_is_unknown), gauge.count(_is_zoned)
    blank = gauge.count(lambda member: member.is_blank)

    def judge(sets: Tally) -> Codes:
        cut_off = np.zeros(len(sets), bool)
        for part in sets.parts:
            cut_off |= (part.count(zoned) > 0) & (part.count(blank) == 0)
        return np.select(
            [sets.count(unknown) > 0, sets.count(zoned) == 0, cut_off],
            [np.int8(NO_DATA), np.int8(NOT_APPLICABLE), np.int8(JUDGE)],
            np.int8(PASS),
        )

    return judge


@form("contiguity")
def contiguity(gauge: Gauge, values: Values, sample: ApplicationFacts) -> Judge:
    return lambda sets: sets.all_of(PASS if sets.connected else FAIL)


@form("connected_projects")
def connected_projects(gauge: Gauge, values: Values, sample: ApplicationFacts) -> Judge:
    """A set that is not connected is open while no project is known; then its projects' main fields decide."""
    apart = NO_DATA
    if not sample.why_unknown("projects") and sample.projects:
        fields = {project.main_field for project in sample.projects} - {values["exempt_field"]}
        apart = FAIL if any(fields) else NO_DATA if fields else PASS
    return lambda sets: sets.all_of(PASS if sets.connected else apart)


@form("no_zone_members")
def no_zone_members(gauge: Gauge, values: Values, sample: ApplicationFacts) -> Judge:
    zoned, unknown, judged = gauge.count(_is_zoned), gauge.count(_is_unknown), gauge.count(_judged(values))

    def judge(sets: Tally) -> Codes:
        return np.select(
            [sets.count(zoned) > 0, sets.count(unknown) > 0, sets.count(judged) > 0],
            [np.int8(FAIL), np.int8(NO_DATA), np.int8(JUDGE)],
            np.int8(PASS),
        )

    return judge


@form("zone_neighbours_alone")
def zone_neighbours_alone(gauge: Gauge, values: Values, sample: ApplicationFacts) -> Judge:
    neighbours = gauge.count(lambda member: member.status == ZoneStatus.MEMBER_NEIGHBOUR)
    zones = gauge.shared(lambda member: [zone.code for zone in member.zones])

    def judge(sets: Tally) -> Codes:
        alone = sets.shares(zones) & (sets.count(neighbours) == sets.size)
        return np.where(alone, np.int8(PASS), np.int8(FAIL))

    return judge


@form("decline_flat")
def decline_flat(gauge: Gauge, values: Values, sample: ApplicationFacts) -> Judge:
    return _decline_of_each(gauge, values) if values["mode"] == EACH else _decline_together(gauge, values)


@form("decline_without_hub")
def decline_without_hub(gauge: Gauge, values: Values, sample: ApplicationFacts) -> Judge:
    """Sets are searched as flat regions: nobody has named a hub."""
    return lambda sets: sets.all_of(NOT_APPLICABLE)


def _decline_of_each(gauge: Gauge, values: Values) -> Judge:
    threshold, band, year = values["threshold"], values["judge_from"], values["target_year"]

    def decline(member: MemberFacts) -> Fraction | None:
        return member.projection.decline(year) if member.projection else None

    def low(member: MemberFacts) -> bool:
        known = decline(member)
        return known is not None and known < threshold and known < band

    def between(member: MemberFacts) -> bool:
        known = decline(member)
        return known is not None and band <= known < threshold

    failing, open_, missing = gauge.count(low), gauge.count(between), gauge.count(lambda one: decline(one) is None)

    def judge(sets: Tally) -> Codes:
        return np.select(
            [sets.count(failing) > 0, sets.count(missing) > 0, sets.count(open_) > 0],
            [np.int8(FAIL), np.int8(NO_DATA), np.int8(JUDGE)],
            np.int8(PASS),
        )

    return judge


def _decline_together(gauge: Gauge, values: Values) -> Judge:
    threshold, band, year = values["threshold"], values["judge_from"], values["target_year"]

    def known(member: MemberFacts) -> bool:
        return member.projection is not None and member.projection.decline(year) is not None

    def base(member: MemberFacts) -> int:
        return (member.projection.total(member.projection.base_year) or 0) if member.projection else 0

    def target(member: MemberFacts) -> int:
        return (member.projection.total(year) or 0) if member.projection else 0

    missing = gauge.count(lambda member: not known(member))
    people, left = gauge.people(base), gauge.people(target)

    def judge(sets: Tally) -> Codes:
        before = sets.people(people)
        lost = before - sets.people(left)
        return np.select(
            [sets.count(missing) > 0, _at_least(lost, threshold, before), _at_least(lost, band, before)],
            [np.int8(NO_DATA), np.int8(PASS), np.int8(JUDGE)],
            np.int8(FAIL),
        )

    return judge
