"""The forecast (地域の未来予測) of any municipalities: people by every edition, beside their offices and prefecture.

Nothing is prepared beforehand. Each computation stays inside one series: the base year and the target year of an
edition are both that edition's, and places are compared by the same edition (MixedEditions otherwise). What a series
lacks is None with its reason, never filled from another one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .codes import full_code
from .models import Municipality, PopulationSeries
from .population import TARGET_YEAR, Figure, Population, UnknownMunicipality, UnknownSeries, populations

CENSUS, LATEST = "census", "ipss_r5"
FIRST_YEAR = 1980
MOST_OFFICES = 3


class MixedEditions(ValueError):
    """Two editions of the projection in one computation (E-21)."""

    def __init__(self, one: PopulationSeries, other: PopulationSeries) -> None:
        super().__init__(f"推計版が混在しているため減少率を計算できません（{one.name}／{other.name}）。")


def same_series(people: Sequence[Population]) -> PopulationSeries:
    """Return the one series of all of them. Raises MixedEditions where there are two."""
    first = people[0].series
    for one in people[1:]:
        if one.series.pk != first.pk:
            raise MixedEditions(first, one.series)
    return first


@dataclass(frozen=True)
class Reading:
    """The people of a place in the base year and in the target year of one edition."""

    base: Figure
    target: Figure
    decline: Fraction | None

    @property
    def old_shares(self) -> tuple[Fraction | None, Fraction | None]:
        return self.base.old_share, self.target.old_share

    @property
    def supporters(self) -> tuple[Fraction | None, Fraction | None]:
        """15–64歳 for each person of 65 or older."""
        return self.base.supporters, self.target.supporters


def read(projected: Population, code: str | None = None) -> Reading:
    """Read one edition for a municipality, for all of them together without `code`."""
    base_year = projected.series.base_year or 0
    return Reading(projected.at(base_year, code), projected.at(TARGET_YEAR, code), projected.decline(code))


@dataclass(frozen=True)
class Place:
    """The chosen municipalities, or what they are compared with: an office's or a prefecture's municipalities."""

    name: str
    codes: tuple[str, ...]
    census: Population
    projected: Population
    office: bool = False

    @property
    def reading(self) -> Reading:
        return read(self.projected)

    def index(self, year: int) -> Fraction | None:
        """The people of a year by those of the base year, each from its own series; 1 in the base year."""
        base_year = self.projected.series.base_year or 0
        people = self.projected if year > base_year else self.census
        now, base = people.at(year).total, people.at(base_year).total
        return Fraction(now, base) if base and now is not None else None


@dataclass(frozen=True)
class Outlook:
    """Everything computed of the people; `places` begin with the chosen municipalities themselves.

    `editions` are all projections (of the chosen municipalities), each to be read by itself.
    """

    names: Mapping[str, str]
    series: PopulationSeries
    census: Population
    editions: tuple[Population, ...]
    places: tuple[Place, ...]

    def __post_init__(self) -> None:
        same_series([place.projected for place in self.places])

    @property
    def projected(self) -> Population:
        return self.places[0].projected

    @property
    def compared(self) -> tuple[Place, ...]:
        """The places that charts and narrow tables show: without the offices where they are too many."""
        offices = [place for place in self.places[1:] if place.office]
        return self.places if len(offices) <= MOST_OFFICES else tuple(one for one in self.places if not one.office)

    @property
    def years(self) -> tuple[int, ...]:
        """Census years up to the base year, then the years of the chosen edition."""
        base = self.series.base_year or 0
        return (
            *(year for year in self.census.years if FIRST_YEAR <= year <= base),
            *(year for year in self.projected.years if year > base),
        )


def outlook(codes: Sequence[str], series: str = LATEST, *, on: date) -> Outlook:
    """Compute the forecast of these municipalities (5 or 6 digits) by one edition, in 6 queries.

    Compared with every office that one of them lies under on the day, and with their prefecture. Raises
    UnknownMunicipality for a code that is not registered (or for none at all), UnknownSeries for a series that is no
    projection; ValueError for a code that is none.
    """
    chosen = list(dict.fromkeys(full_code(code) for code in codes))
    if not chosen:
        raise UnknownMunicipality("市町村を1つ以上選んでください。")
    prefectures = list(dict.fromkeys(code[:2] for code in chosen))
    around = Municipality.objects.existing(on).filter(prefecture__in=prefectures).with_bureau(on)
    rows = list(around.select_related("prefecture").order_by("code"))
    found = populations([*chosen, *(row.pk for row in rows if row.pk not in chosen)])
    if series not in found or found[series].series.base_year is None:
        raise UnknownSeries(f"将来推計の版「{series}」は登録されていません。")
    census, projected = found[CENSUS], found[series]

    def place(name: str, inside: Sequence[str], *, office: bool = False) -> Place:
        return Place(name, tuple(inside), census.part(inside), projected.part(inside), office)

    places = [place("選んだ市町村", chosen)]
    bureaus = dict.fromkeys(
        (row.bureau_code, row.bureau_short_name) for row in rows if row.pk in chosen and row.bureau_code
    )
    for bureau, name in bureaus:
        places.append(place(f"{name}管内", [row.pk for row in rows if row.bureau_code == bureau], office=True))
    for prefecture in prefectures:
        inside = [row for row in rows if row.prefecture_id == prefecture]
        if inside:
            places.append(place(inside[0].prefecture.name, [row.pk for row in inside]))
    return Outlook(
        names={code: census.names[code] for code in chosen},
        series=projected.series,
        census=places[0].census,
        editions=tuple(one.part(chosen) for one in found.values() if one.series.base_year is not None),
        places=tuple(places),
    )
