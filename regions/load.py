"""From the committed history to the database: fields, national zones, the regions of both closed programs.

Loading twice changes nothing. What people have changed since stays: the state, lead and secretariat of a region that is
already there are theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import yaml
from django.db import models, transaction

from common.fiscal_year import FiscalYear
from common.upsert import Counts, upsert
from municipalities.models import Municipality, PopulationFigure

from . import history
from .history import PastRegion
from .models import (
    Agreement,
    AgreementConsent,
    Field,
    NationalZone,
    Project,
    ProjectName,
    Region,
    RegionLink,
    RegionMembership,
    RegionName,
    RegionState,
    Vision,
    VisionProject,
    ZoneMembership,
)

Row = dict[str, Any]
CENSUS = "census"
_ZONE_KEY = ("zone_id", "municipality_id", "in_force_by")
LEAD_NOTE = "代表市町村は出典になく、中心都市（なければ令和2年国勢調査の人口が最も多い構成市町村）とした。"
MODEL_NOTE = "支援が終わった年度は出典になく、開始から3年とした。"
SELF_RUNNING_NOTE = (
    "支援の後の状況は地域ごとの記載がなく、報告（令和6年3月）2(2)①イ「多くの地域は圏域を維持して自走化」によった。"
)


@transaction.atomic
def load_all() -> dict[str, Counts]:
    """Load every table of this room's reference data; return what happened per model label."""
    counts = {
        "regions.Field": upsert(Field, _fields(), ("code",)),
        "regions.NationalZone": upsert(NationalZone, _zones(), ("code",)),
        "regions.ZoneMembership": upsert(
            ZoneMembership, _zone_members(), ("zone_id", "municipality_id", "in_force_by")
        ),
        "regions.Region": _load_regions(),
        "regions.RegionName": upsert(RegionName, _names(), ("region_id", "valid_from")),
    }
    tables: list[tuple[type[models.Model], Callable[[], Iterator[Row]], tuple[str, ...]]] = [
        (RegionMembership, _members, ("region_id", "municipality_id", "joined_on")),
        (RegionState, _states, ("region_id", "state", "since")),
        (RegionLink, _links, ("predecessor_id", "successor_id", "successor_zone_id")),
        (Agreement, _agreements, ("region_id", "version")),
        (AgreementConsent, _consents, ("agreement_id", "municipality_id")),
        (Project, _projects, ("region_id", "code")),
        (ProjectName, _project_names, ("project_id", "from_fy")),
        (Vision, _visions, ("region_id", "version")),
        (VisionProject, _vision_projects, ("vision_id", "project_id")),
    ]
    return counts | {model._meta.label: _add(model, rows(), key) for model, rows, key in tables}


def support_rows() -> list[Row]:
    """Return one row per region and supported fiscal year for `subsidies.load.load_support_years`.

    Keys: program, region, fiscal_year, projects (primary keys), basis (sourced, inferred), source.
    """
    ids = dict(Project.objects.values_list("code", "pk"))
    table = {history.MODEL: "表2", history.ACCELERATION: "表3"}
    return [
        {
            "program": region.program,
            "region": region.code,
            "fiscal_year": year,
            "projects": [ids[project.code] for project in region.projects if year in project.years],
            "basis": "sourced" if sourced else "inferred",
            "source": f"報告（令和6年3月）{table[region.program]}" + ("" if sourced else "。支援は3年続いたとした"),
        }
        for region in history.regions()
        for year, sourced in region.support
    ]


def _fields() -> Iterator[Row]:
    rows = yaml.safe_load((history.HISTORY / "fields.yaml").read_text(encoding="utf-8"))
    for order, row in enumerate(rows, 1):
        yield row | {"order": order}


def _zones() -> Iterator[Row]:
    """Successors come before the zones they follow, so that each reference has its row."""
    for zone in sorted(history.zones(), key=lambda zone: bool(zone.successor)):
        yield {
            "code": zone.code,
            "prefecture_id": zone.prefecture,
            "kind": "hub_urban" if zone.hub_urban else "settlement",
            "name": zone.name,
            "declared_on": zone.declared_on,
            "formed_on": zone.formed_on,
            "ended_on": zone.ended_on,
            "successor_id": zone.successor or None,
            "source": zone.source,
            "note": zone.note,
        }


def _zone_members() -> Iterator[Row]:
    for zone in history.zones():
        for member in zone.members:
            yield {
                "zone_id": zone.code,
                "municipality_id": member.code,
                "role": "hub" if member.hub else "neighbour",
                "in_force_by": member.in_force_by,
                "in_force_basis": member.in_force_basis,
                "ended_on": member.ended_on,
                "basis": member.basis,
                "source": member.source,
            }


def _load_regions() -> Counts:
    """Add new regions whole; of those already there change only what a source says."""
    standing = Region.objects.in_bulk()
    people, bureaus = _people(), _bureaus()
    changed = 0
    for region in history.regions():
        told = _sourced(region)
        row = standing.get(region.code)
        if row is None:
            lead = region.hub or max((member.code for member in region.members), key=lambda code: people.get(code, 0))
            own = {"name": region.name, "lead_id": lead, "secretariat_id": lead, "lead_bureau_id": bureaus[lead]}
            Region(**told, **own, lead_basis="inferred", state=_state(region)).save(force_insert=True)
        elif any(getattr(row, name) != value for name, value in told.items()):
            changed += Region.objects.filter(pk=region.code).update(**told)
    new = sum(region.code not in standing for region in history.regions())
    return Counts(new, changed, len(history.regions()) - new - changed)


def _add(model: type[models.Model], rows: Iterator[Row], key: tuple[str, ...]) -> Counts:
    """Add the rows that are missing; those already there belong to the people who work with them."""
    standing = set(model._default_manager.values_list(*key))
    wanted = list(rows)
    missing = [row for row in wanted if tuple(row[name] for name in key) not in standing]
    model._default_manager.bulk_create(model(**row) for row in missing)
    return Counts(len(missing), 0, len(wanted) - len(missing))


def _sourced(region: PastRegion) -> Row:
    notes = [region.note, LEAD_NOTE]
    if region.program == history.MODEL:
        notes.append(MODEL_NOTE)
    if _state(region) == Region.State.SELF_RUNNING and region.program == history.MODEL:
        notes.append(SELF_RUNNING_NOTE)
    return {
        "code": region.code,
        "prefecture_id": history.PREFECTURE,
        "type": "hub" if region.hub else "flat",
        "hub_id": region.hub or None,
        "basis": "sourced" if region.sourced else "inferred",
        "source": region.source,
        "note": "\n".join(filter(None, notes)),
    }


def _state(region: PastRegion) -> str:
    """Ended where a later region goes on, moved where a national zone does; all others run by themselves."""
    successor = history.CONTINUED.get(region.code, "")
    if successor.startswith("HK-"):
        return Region.State.NATIONAL
    return Region.State.ENDED if successor else Region.State.SELF_RUNNING


def _states() -> Iterator[Row]:
    """Support began on the first day of a year that the sources name; that it ended with its last year, and that a
    region ended when a later one went on, is assumed."""
    formed = {zone.code: zone.formed_on or min(row.in_force_by for row in zone.members) for zone in history.zones()}
    started = {region.code: FiscalYear(region.start_fy).first_day for region in history.regions()}
    for region in history.regions():
        last = region.support[-1][0] if region.program == history.MODEL else history.LAST_YEAR
        yield _state_row(region.code, Region.State.SUPPORTED, started[region.code], "sourced")
        after = FiscalYear(last + 1).first_day
        successor = history.CONTINUED.get(region.code, "")
        went_on = formed.get(successor) or started.get(successor)
        if went_on is None or went_on > after:
            yield _state_row(region.code, Region.State.SELF_RUNNING, after, "inferred")
        if went_on is not None:
            yield _state_row(region.code, _state(region), went_on, "inferred")


def _state_row(region: str, state: str, since: date, basis: str) -> Row:
    return {"region_id": region, "state": state, "since": since, "basis": basis}


def _names() -> Iterator[Row]:
    for region in history.regions():
        for year, name in region.names:
            yield {"region_id": region.code, "name": name, "valid_from": FiscalYear(year).first_day}


def _members() -> Iterator[Row]:
    for region in history.regions():
        for member in region.members:
            yield {
                "region_id": region.code,
                "municipality_id": member.code,
                "joined_on": FiscalYear(member.joined_fy).first_day,
                "basis": "sourced" if member.sourced else "inferred",
            }


def _links() -> Iterator[Row]:
    for earlier, later in history.CONTINUED.items():
        zone = later.startswith("HK-")
        yield {
            "predecessor_id": earlier,
            "successor_id": None if zone else later,
            "successor_zone_id": later if zone else None,
            "continued": True,
            "note": "",
        }
    for earlier, (later, note) in history.NOT_CONTINUED.items():
        yield {
            "predecessor_id": earlier,
            "successor_id": later,
            "successor_zone_id": None,
            "continued": False,
            "note": note,
        }


def _projects() -> Iterator[Row]:
    """Fields are left empty: tables 2 and 3 name none, staff assign them."""
    for region in history.regions():
        for project in region.projects:
            over = region.program == history.MODEL or project.years[-1] < history.KNOWN_UNTIL
            yield {
                "region_id": region.code,
                "code": project.code,
                "name": project.names[-1][1],
                "from_fy": project.years[0],
                "to_fy": project.years[-1] if over else None,
                "basis": "inferred" if region.program == history.MODEL else "sourced",
                "state": "ended" if over else "running",
            }


def _project_names() -> Iterator[Row]:
    ids = dict(Project.objects.values_list("code", "pk"))
    for region in history.regions():
        for project in region.projects:
            for year, name in project.names:
                yield {"project_id": ids[project.code], "name": name, "from_fy": year}


def _agreements() -> Iterator[Row]:
    for region in history.regions():
        if (agreement := region.agreement) is not None:
            yield {
                "region_id": region.code,
                "version": 1,
                "title": agreement.title,
                "signed_on": agreement.signed_on,
                "in_force_on": agreement.signed_on,
                "witness": agreement.witness,
                "state": "in_force",
                "source": agreement.source,
            }


def _consents() -> Iterator[Row]:
    """Who signed has consented; document numbers are not in the sources."""
    ids = dict(Agreement.objects.filter(version=1).values_list("region", "pk"))
    for region in history.regions():
        if (agreement := region.agreement) is not None:
            for code in agreement.parties:
                yield {
                    "agreement_id": ids[region.code],
                    "municipality_id": code,
                    "state": "done",
                    "agreed_on": agreement.signed_on,
                }


def _visions() -> Iterator[Row]:
    agreements = dict(Agreement.objects.filter(version=1).values_list("region", "pk"))
    for region in history.regions():
        if (vision := region.vision) is not None:
            yield {
                "region_id": region.code,
                "version": 1,
                "title": vision.title,
                "agreement_id": agreements[region.code],
                "term_from_fy": vision.term[0],
                "term_to_fy": vision.term[1],
                "adopted_on": vision.adopted_on,
                "state": "expired",
                "basis": "sourced" if vision.sourced else "inferred",
                "source": vision.source,
            }


def _vision_projects() -> Iterator[Row]:
    visions = dict(Vision.objects.filter(version=1).values_list("region", "pk"))
    ids = dict(Project.objects.values_list("code", "pk"))
    for region in history.regions():
        if region.vision is not None:
            for order, project in enumerate(region.projects, 1):
                yield {"vision_id": visions[region.code], "project_id": ids[project.code], "order": order}


def _people() -> dict[str, int]:
    rows = PopulationFigure.objects.filter(series=CENSUS, year=2020, total__isnull=False)
    return {code: total or 0 for code, total in rows.values_list("municipality", "total")}


def _bureaus() -> dict[str, str]:
    towns = Municipality.objects.filter(prefecture=history.PREFECTURE).with_bureau(date(2015, 4, 1))
    return {town.code: town.bureau_code for town in towns if town.bureau_code}
