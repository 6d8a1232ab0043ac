"""KPIs rolled up: from initiatives to regions, and by field and by program to the prefecture. Counts, never ranks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict

from common import clock
from common.fiscal_year import FiscalYear
from common.viewer import Viewer
from municipalities.models import Bureau
from regions.achievement import Standing
from regions.kpi_due import ActualsDue, due_lines, is_asked
from regions.kpi_records import KpiRecord, records_of, tally
from regions.models import Field, Kpi, Region, RegionMembership
from subsidies.initiatives import assigned_to
from subsidies.models import Program, SupportYear

NO_FIELD, NO_PROGRAM = "分野の登録なし", "道の支援なし"


@dataclass(frozen=True)
class Group:
    """KPIs of one region, field or program: how many stand where."""

    name: str
    records: Sequence[KpiRecord]
    region: Region | None = None
    own: bool = False

    @cached_property
    def counts(self) -> dict[Standing, int]:
        return tally(self.records)

    @property
    def cells(self) -> list[int]:
        """The counts in the order of `Standing`."""
        return list(self.counts.values())

    @property
    def total(self) -> int:
        return len(self.records)

    @property
    def initiatives(self) -> int:
        """How many initiatives these KPIs belong to."""
        return len({record.kpi.project_id for record in self.records})

    @property
    def years_missing(self) -> list[FiscalYear]:
        """The ended years of which an actual is missing somewhere."""
        return [FiscalYear(year) for year in sorted({year for record in self.records for year in record.missing})]


class RollupForm(forms.Form):
    """Bureau, field, program, standing, own regions only; everything may be empty."""

    bureau = forms.ChoiceField(label="振興局", required=False)
    field = forms.ChoiceField(label="分野", required=False)
    program = forms.ChoiceField(label="制度", required=False)
    standing = forms.ChoiceField(
        label="状況", required=False, choices=[("", "すべて"), *((one.value, one.label) for one in Standing)]
    )
    own = forms.BooleanField(label="関係する地域だけ", required=False)

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query, label_suffix="")
        bureaus = Bureau.objects.filter(prefecture=settings.PREFECTURE_CODE, parent=None).order_by("order")
        self._choose("bureau", bureaus.values_list("code", "name"))
        self._choose("field", Field.objects.values_list("code", "name"))
        self._choose("program", Program.objects.order_by("order").values_list("code", "short_name"))

    def _choose(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "すべて"), *choices]


class Rollup:
    """The KPIs this office may know, narrowed by the address, grouped for the page."""

    def __init__(self, query: QueryDict, viewer: Viewer) -> None:
        self.viewer, self.form = viewer, RollupForm(query)
        self.chosen: dict[str, Any] = self.form.cleaned_data if self.form.is_valid() else {}

    @property
    def narrowed(self) -> bool:
        return any(self.chosen.values())

    @cached_property
    def records(self) -> list[KpiRecord]:
        """The KPIs that are left, in the order of region, initiative and number."""
        chosen = self.chosen
        kpis = Kpi.objects.visible_to(self.viewer)
        if bureau := chosen.get("bureau"):
            kpis = kpis.filter(project__region__in=Region.objects.touching(bureau).values("pk"))
        if field := chosen.get("field"):
            kpis = kpis.filter(project__main_field=field)
        if chosen.get("own"):
            kpis = kpis.filter(project__region__in=Region.objects.own_to(self.viewer).values("pk"))
        found = records_of(kpis)
        if program := chosen.get("program"):
            found = [one for one in found if self.programs.get(one.kpi.project.region_id, ("", ""))[0] == program]
        return [one for one in found if one.standing == chosen["standing"]] if chosen.get("standing") else found

    @cached_property
    def programs(self) -> dict[str, tuple[str, str]]:
        """The program (code, short name) that supported each region last, the running year included."""
        return latest_programs()

    @property
    def whole(self) -> Group:
        return Group("計", self.records)

    @property
    def regions(self) -> list[Group]:
        """By region: the office's own first, then in the order of their codes."""
        own = set(Region.objects.own_to(self.viewer).values_list("pk", flat=True)) if self._local else set()
        found: dict[str, list[KpiRecord]] = defaultdict(list)
        for record in self.records:
            found[record.kpi.project.region_id].append(record)
        groups = [
            Group(rows[0].kpi.project.region.name, rows, rows[0].kpi.project.region, code in own)
            for code, rows in found.items()
        ]
        return sorted(groups, key=lambda one: (not one.own, one.region.pk if one.region else ""))

    @property
    def fields(self) -> list[Group]:
        """By main field of the initiative, in the order of the fields."""
        return by_field(self.records)

    @property
    def by_program(self) -> list[Group]:
        """By the program that supported the region last."""
        return by_program(self.records, self.programs)

    @property
    def due(self) -> list[ActualsDue]:
        """What this person is asked to enter, among the KPIs that are left."""
        if not self.viewer.is_municipal:
            return []
        given = assigned_to(self.viewer)
        member = RegionMembership.objects.on(clock.today()).filter(municipality=self.viewer.office.code)
        held = set(member.values_list("region", flat=True))
        own = (one for one in self.records if one.kpi.project.region_id in held)
        return due_lines(one for one in own if is_asked(one, self.viewer, given))

    @property
    def _local(self) -> bool:
        return self.viewer.is_municipal or self.viewer.is_bureau


def latest_programs() -> dict[str, tuple[str, str]]:
    """Region code → the program that supported it last, up to the running fiscal year: (code, short name)."""
    return programs_up_to(FiscalYear.of(clock.today()))


def programs_up_to(year: int) -> dict[str, tuple[str, str]]:
    """Region code → the program that supported it last, up to the fiscal year: (code, short name)."""
    rows = SupportYear.objects.filter(fiscal_year__lte=year).order_by("fiscal_year", "program__order")
    return {region: (code, name) for region, code, name in rows.values_list("region", "program", "program__short_name")}


def by_field(records: Sequence[KpiRecord]) -> list[Group]:
    """KPIs by the main field of their initiative, in the order of the fields."""

    def field_of(record: KpiRecord) -> tuple[int, str]:
        field = record.kpi.project.main_field
        return (field.order, field.name) if field else (10**6, NO_FIELD)

    return _grouped(records, field_of)


def by_program(records: Sequence[KpiRecord], programs: dict[str, tuple[str, str]]) -> list[Group]:
    """KPIs by the program that supported their region last."""
    order = {name: place for place, name in enumerate(sorted({name for _, name in programs.values()}))}

    def program_of(record: KpiRecord) -> tuple[int, str]:
        found = programs.get(record.kpi.project.region_id)
        return (order[found[1]], found[1]) if found else (10**6, NO_PROGRAM)

    return _grouped(records, program_of)


def _grouped(records: Sequence[KpiRecord], key: Callable[[KpiRecord], tuple[int, str]]) -> list[Group]:
    found: dict[tuple[int, str], list[KpiRecord]] = defaultdict(list)
    for record in records:
        found[key(record)].append(record)
    return [Group(name, rows) for (_, name), rows in sorted(found.items(), key=lambda one: one[0])]
