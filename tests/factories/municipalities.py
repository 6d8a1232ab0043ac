"""The ground: prefecture, bureau, municipality under it since 2010."""

from __future__ import annotations

from datetime import date
from typing import Any

import factory

from municipalities.codes import check_digit
from municipalities.models import (
    Adjacency,
    Bureau,
    DataSource,
    Jurisdiction,
    Municipality,
    PopulationFigure,
    PopulationSeries,
    Prefecture,
)

LONG_AGO = date(2010, 4, 1)
FREE = [*range(701, 1000), *range(1, 100)]  # numbers that no real municipality of a prefecture has


class PrefectureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Prefecture
        skip_postgeneration_save = True
        django_get_or_create = ("code",)

    code = "01"
    name = factory.LazyAttribute(lambda row: {"01": "北海道", "06": "山形県"}.get(row.code, f"第{row.code}県"))


class BureauFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Bureau
        skip_postgeneration_save = True
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"bureau-{n}")
    prefecture = factory.SubFactory(PrefectureFactory)
    name = factory.LazyAttribute(lambda row: f"{row.code}振興局")
    short_name = factory.LazyAttribute(lambda row: row.code)
    head_title = factory.LazyAttribute(lambda row: f"{row.name}長")


class MunicipalityFactory(factory.django.DjangoModelFactory):
    """`MunicipalityFactory(name="根室市", bureau=bureau)`; without a code one that no real town has."""

    class Meta:
        model = Municipality
        skip_postgeneration_save = True
        django_get_or_create = ("code",)

    class Params:
        number = factory.Sequence(lambda n: FREE[n % len(FREE)])

    prefecture = factory.SubFactory(PrefectureFactory)
    code = factory.LazyAttribute(lambda row: _code(row.prefecture.code, row.number))
    name = factory.LazyAttribute(lambda row: f"第{row.number}町")
    kana = factory.LazyAttribute(lambda row: f"だい{row.number}ちょう")
    kana_key = factory.LazyAttribute(lambda row: row.kana)
    kind = factory.LazyAttribute(lambda row: row.name[-1] if row.name[-1] in "市町村" else "町")

    @factory.post_generation
    def bureau(self: Municipality, create: bool, extracted: Bureau | None, **kwargs: Any) -> None:
        if not create or Jurisdiction.objects.filter(municipality=self).exists():
            return
        bureau = extracted or BureauFactory(prefecture=self.prefecture, **kwargs)
        Jurisdiction.objects.create(bureau=bureau, municipality=self, valid_from=LONG_AGO)


BASES = {"census": None, "ipss_h30": 2015, "ipss_r5": 2020}
NAMES = {"census": "国勢調査", "ipss_h30": "平成30年推計", "ipss_r5": "令和5年推計"}


def series(code: str = "ipss_r5") -> PopulationSeries:
    """A published series without any figure: the census, or an edition of the projection with its base year."""
    base = BASES[code]
    kind = PopulationSeries.Kind.ACTUAL if base is None else PopulationSeries.Kind.PROJECTION
    made, _ = PopulationSeries.objects.get_or_create(
        code=code, defaults={"kind": kind, "name": NAMES[code], "base_year": base, "source": a_source()}
    )
    return made


def people(town: Municipality, code: str, year: int, young: int, middle: int, old: int) -> PopulationFigure:
    """The people of a town in one year of one series, by age group."""
    return PopulationFigure.objects.create(
        series=series(code),
        municipality=town,
        year=year,
        total=young + middle + old,
        age_0_14=young,
        age_15_64=middle,
        age_65_over=old,
    )


def a_source() -> DataSource:
    """A source to name where a test needs one."""
    return DataSource.objects.get_or_create(
        code="test", defaults={"title": "試験", "publisher": "試験", "licence": "なし", "credit": "試験"}
    )[0]


def touch(one: Municipality, other: Municipality) -> Adjacency:
    """Let two municipalities share a border."""
    source = a_source()
    a, b = sorted([one.code, other.code])
    return Adjacency.objects.get_or_create(a_id=a, b_id=b, kind="land", defaults={"source": source})[0]


def _code(prefecture: str, number: int) -> str:
    code5 = f"{prefecture}{number:03}"
    return code5 + check_digit(code5)
