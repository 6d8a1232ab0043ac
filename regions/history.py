"""The published history of both closed programs and of the national zones, read from `fixtures/history/`.

Plain values without a query; `load.py` writes them, `subsidies` makes support years of them. What no source states is
marked: `sourced=False` is shown as 推定 everywhere.
"""

from __future__ import annotations

import csv
import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from common.fiscal_year import FiscalYear
from municipalities.codes import full_code

HISTORY = Path(settings.BASE_DIR) / "fixtures" / "history"
MODEL, ACCELERATION = "model", "acceleration"
KNOWN_UNTIL = 2023  # 8 regions, 53 municipalities in October of 令和5年: table 3 ends here
PROGRAMS = Path(settings.BASE_DIR) / "fixtures" / "programs"


def _number(program: str, name: str) -> int:
    """A number of a program's published rules, as its fixture has it."""
    content = yaml.safe_load((PROGRAMS / f"{program}.yaml").read_text(encoding="utf-8"))
    return int(content["parameters"][name]["value"])


MODEL_YEARS = _number(MODEL, "max_years")  # the report gives the start only: the whole window is assumed (rulings)
LAST_YEAR = _number(ACCELERATION, "fy_to")  # what its last year supported no source says
PREFECTURE = "01"  # the two programs are Hokkaido's
# Which later region or zone goes on with an earlier region. M10 and A07 differ in members: both count (rulings).
CONTINUED = {"M01": "A01", "M04": "A03", "M09": "A05", "M11": "A06", "M08": "A08", "M06": "HK-T02"}
NOT_CONTINUED = {"M10": ("A07", "紋別市を除く4町村による別の地域")}


@dataclass(frozen=True)
class PastMember:
    """A municipality (6-digit code) in a past region from 1 April of a fiscal year."""

    code: str
    joined_fy: int
    sourced: bool


@dataclass(frozen=True)
class PastProject:
    """An initiative; `names` are (from fiscal year, name), `years` the fiscal years supported as far as known."""

    code: str
    names: tuple[tuple[int, str], ...]
    years: tuple[int, ...]


@dataclass(frozen=True)
class PastAgreement:
    """An agreement with its parties (6-digit codes), signed and in force from the day."""

    title: str
    signed_on: date
    parties: tuple[str, ...]
    source: str
    witness: str = ""


@dataclass(frozen=True)
class PastVision:
    """A vision; `sourced` is False where its day or term had to be assumed, as `source` then says."""

    title: str
    adopted_on: date
    term: tuple[int, int]
    source: str
    sourced: bool


@dataclass(frozen=True)
class PastRegion:
    """One region of one closed program."""

    code: str
    program: str
    names: tuple[tuple[int, str], ...]
    start_fy: int
    members: tuple[PastMember, ...]
    projects: tuple[PastProject, ...]
    hub: str
    source: str
    note: str
    agreement: PastAgreement | None
    vision: PastVision | None

    @property
    def name(self) -> str:
        """The latest name."""
        return self.names[-1][1]

    @property
    def sourced(self) -> bool:
        """Whether every member is named by a source."""
        return all(member.sourced for member in self.members)

    @property
    def support(self) -> tuple[tuple[int, bool], ...]:
        """(fiscal year, sourced) of each year of support."""
        if self.program == MODEL:
            return tuple((self.start_fy + n, n == 0) for n in range(MODEL_YEARS))
        return tuple((year, True) for year in range(self.start_fy, KNOWN_UNTIL + 1))


@dataclass(frozen=True)
class PastZoneMember:
    """A municipality in a zone. `in_force_by` is the day by which the membership was certainly in force."""

    code: str
    hub: bool
    in_force_by: date
    in_force_basis: str
    ended_on: date | None
    basis: str
    source: str


@dataclass(frozen=True)
class PastZone:
    """One zone of a national scheme with its members, hub first."""

    code: str
    prefecture: str
    hub_urban: bool
    name: str
    declared_on: date | None
    formed_on: date | None
    ended_on: date | None
    successor: str
    source: str
    note: str
    members: tuple[PastZoneMember, ...]


@cache
def regions() -> tuple[PastRegion, ...]:
    """Return the 11 regions of the model program and the 8 of the acceleration program, in code order."""
    told = {row["code"]: row for row in _told()["hokkaido"]["regions"]}
    rows = {code: list(group) for code, group in _by("region_id", *_csv("model_regions.csv", "accel_regions.csv"))}
    return tuple(_region(code, rows[code], told[code]) for code in sorted(rows))


@cache
def zones() -> tuple[PastZone, ...]:
    """Return the zones of Hokkaido and Yamagata, in code order. Where YAML and CSV differ, the CSV wins (rulings 8)."""
    grouped = {code: list(group) for code, group in _by("zone_id", *_csv("national_zones.csv"))}
    names = {code: rows[0]["zone_name"] for code, rows in grouped.items()}
    return tuple(_zone(code, rows, names) for code, rows in sorted(grouped.items()))


@cache
def indicators() -> tuple[dict[str, Any], ...]:
    """Return the three prefecture-wide indicators of table 10 as published: baseline, actual, target."""
    return tuple(_told()["hokkaido"]["indicators"]["items"])


def _region(code: str, rows: list[dict[str, str]], told: dict[str, Any]) -> PastRegion:
    first = rows[0]
    program = MODEL if code.startswith("M") else ACCELERATION
    start = int(first["start_fy"])
    members = tuple(
        PastMember(
            full_code(row["code5"]), int(row.get("joined_fy") or start), row.get("basis", "sourced") == "sourced"
        )
        for row in sorted(rows, key=lambda row: row["code5"])
    )
    by_name = {row["name"]: full_code(row["code5"]) for row in rows}
    names = tuple((_first_year(part, start), part["name"]) for part in told.get("names", [{"name": told["name"]}]))
    notes = [told.get("note"), told.get("members_note"), told.get("projects_note")]
    agreement = _agreement(told, names[0][1], [member for member in members if member.joined_fy == start])
    region = PastRegion(
        code=code,
        program=program,
        names=names,
        start_fy=start,
        members=members,
        projects=(),
        hub=by_name[told["hub"]] if "hub" in told else "",
        source=_lines(first["source"]),
        note="\n".join(_plain_note(note) for note in notes if note),
        agreement=agreement,
        vision=_vision(told, agreement),
    )
    years = tuple(year for year, _ in region.support)
    projects = tuple(_project(f"{code}-{number:02}", item, years) for number, item in enumerate(told["projects"], 1))
    return replace(region, projects=projects)


def _project(code: str, told: str | dict[str, Any], years: tuple[int, ...]) -> PastProject:
    item: dict[str, Any] = {"name": told} if isinstance(told, str) else told
    supported = tuple(item.get("fys", years))
    names = [(supported[0], item["name"])]
    if "renamed_to" in item:
        names.append((item["renamed_fy"], item["renamed_to"]))
    return PastProject(code, tuple(names), supported)


def _agreement(told: dict[str, Any], name: str, founders: list[PastMember]) -> PastAgreement | None:
    if "agreement" not in told:
        return None
    text = told["agreement"]
    witnessed = "両振興局長の立会い" in str(told.get("note", ""))
    return PastAgreement(
        title=text.get("title", f"{name}に関する協定"),
        signed_on=date.fromisoformat(text["date"]),
        parties=tuple(member.code for member in founders),
        source=_source(text["source"]) + ("" if "title" in text else "（題名は出典にないため地域名から付した）"),
        witness="渡島総合振興局長、檜山振興局長" if witnessed else "",
    )


def _vision(told: dict[str, Any], agreement: PastAgreement | None) -> PastVision | None:
    """南空知 has its term and the month of adoption; 後志 has neither: both are filled in and marked as assumed."""
    if "vision" not in told or agreement is None:
        return None
    text = told["vision"]
    source = _source(text["source"])
    if "term" in text:
        first, last = (FiscalYear.parse(part) for part in text["term"].split("～"))
        year, month = map(int, text["adopted"].split("-"))
        day = date(year, month, monthrange(year, month)[1])
        return PastVision(
            text["title"], day, (first, last), f"{source}（策定は{year}年{month}月。日は月末とした）", False
        )
    fiscal_year = FiscalYear.of(agreement.signed_on)
    return PastVision(
        text["title"],
        fiscal_year.last_day,
        (told["start_fy"], LAST_YEAR),
        f"{source}（策定日と期間は出典になく、協定と同じ年度の末日、事業の最終年度までとした）",
        False,
    )


def _zone(code: str, rows: list[dict[str, str]], names: dict[str, str]) -> PastZone:
    first = rows[0]
    note = next((row["note"] for row in rows if row["note"]), "")
    ended = _day(first["ended_on"])
    successor = next((other for other, name in names.items() if ended and other != code and name in note), "")
    members = tuple(_zone_member(row) for row in sorted(rows, key=lambda row: (row["role"] != "center", row["code5"])))
    return PastZone(
        code=code,
        prefecture=first["pref_code"],
        hub_urban=first["zone_type"] == "連携中枢都市圏",
        name=first["zone_name"],
        declared_on=_day(first["declared_on"]),
        formed_on=min((day for row in rows if (day := _day(row["formed_on"]))), default=None),
        ended_on=ended,
        successor=successor,
        source=_lines(first["source"]),
        note=note,
        members=members,
    )


def _zone_member(row: dict[str, str]) -> PastZoneMember:
    """Where the table has no day, the note names the month of the zone's vision: its last day is certain enough."""
    day, basis = _day(row["in_force_by"]), row["in_force_by_basis"]
    if day is None:
        told = re.search(r"共生ビジョン策定 (\d{4})-(\d{2})", row["note"])
        if told is None:
            raise ValueError(f"national_zones.csv: {row['zone_id']} {row['name']} has no day of its own")
        year, month = int(told[1]), int(told[2])
        day, basis = date(year, month, monthrange(year, month)[1]), f"sourced: 共生ビジョン策定 {year}年{month}月"
    return PastZoneMember(
        code=full_code(row["code5"]),
        hub=row["role"] == "center",
        in_force_by=day,
        in_force_basis={"dated": "形成協定・連携協約の締結日"}.get(basis, _japanese(basis)),
        ended_on=_day(row["ended_on"]),
        basis=row["basis"],
        source=_lines(row["source"]),
    )


def _japanese(basis: str) -> str:
    return basis.replace("sourced: ", "出典：").replace("derived: ", "推定：")


def _lines(sources: str) -> str:
    """One source a line."""
    return "\n".join(part.strip() for part in sources.split(" ; "))


def _plain_note(note: str) -> str:
    """Without the marks by which the file names its sources: 日高・十勝の2振興局にまたがる（G） → …にまたがる。"""
    text = re.sub(r"（(?:G|U_\w+)）", "", note)
    for code, source in _told()["sources"].items():
        text = re.sub(rf"\b{code}\b", source["title"], text)
    return text if text.endswith("。") else f"{text}。"


def _first_year(part: dict[str, Any], start: int) -> int:
    years = part.get("fys", [part.get("from_fy", start)])
    return int(years[0])


def _source(code: str) -> str:
    """U_kyogoku → 京極町「後志15町村連携地域ビジョンを策定しました」と公開されている協定書."""
    return str(_told()["sources"][code]["title"])


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _by(column: str, *rows: dict[str, str]) -> Iterator[tuple[str, list[dict[str, str]]]]:
    groups: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    yield from groups.items()


def _csv(*names: str) -> Iterator[dict[str, str]]:
    for name in names:
        with (HISTORY / name).open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


@cache
def _told() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((HISTORY / "programs_history.yaml").read_text(encoding="utf-8"))
    return content
