"""How the list of regions is narrowed, ordered and shown."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Count, Prefetch, Q
from django.http import QueryDict

from common import clock
from common.fiscal_year import FiscalYear
from common.viewer import Viewer
from municipalities.models import Bureau
from regions.models import Region, RegionMembership
from regions.querysets import RegionQuerySet
from subsidies.models import Program, SupportYear

ACTING, EVERY = "", "all"
ORDERS = {"code": "code", "name": "name", "state": "state", "bureau": "lead_bureau__order", "members": "members_count"}


class RegionFilterForm(forms.Form):
    """Words, bureau, state, program, own regions only; everything may be empty."""

    q = forms.CharField(label="地域・市町村", required=False, max_length=60)
    bureau = forms.ChoiceField(label="振興局", required=False)
    state = forms.ChoiceField(
        label="状態", required=False, choices=[(ACTING, "続いている地域"), (EVERY, "すべて"), *Region.State.choices]
    )
    program = forms.ChoiceField(label="制度", required=False)
    own = forms.BooleanField(label="関係する地域だけ", required=False)

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query, label_suffix="")
        bureaus = Bureau.objects.filter(prefecture=settings.PREFECTURE_CODE, parent=None).order_by("order")
        self._choose("bureau", [("", "すべて"), *bureaus.values_list("code", "name")])
        programs = Program.objects.order_by("order").values_list("code", "short_name")
        self._choose("program", [("", "すべて"), *programs])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class RegionFilter:
    """The choices of the address (`?q=&bureau=&state=&program=&own=&sort=`), and the regions they leave."""

    def __init__(self, query: QueryDict, viewer: Viewer) -> None:
        self.viewer = viewer
        self.form = RegionFilterForm(query)
        self.chosen: dict[str, Any] = self.form.cleaned_data if self.form.is_valid() else {}
        self.sort = query.get("sort", "code")

    @property
    def any(self) -> bool:
        """Whether something narrows the list."""
        return any(self.chosen.values())

    def rows(self) -> RegionQuerySet:
        """The regions with everything a line shows: members of today, programs with their years."""
        chosen = self.chosen
        rows: RegionQuerySet = Region.objects.visible_to(self.viewer)
        if chosen.get("own"):
            rows = rows.own_to(self.viewer)
        if words := chosen.get("q"):
            rows = rows.search(words)
        if bureau := chosen.get("bureau"):
            rows = rows.touching(bureau)
        if program := chosen.get("program"):
            rows = rows.filter(pk__in=SupportYear.objects.filter(program=program).values("region"))
        match chosen.get("state", ACTING):
            case "":
                rows = rows.acting()
            case "all":
                pass
            case state:
                rows = rows.filter(state=state)
        return _shown(rows).order_by(*self._order())

    def _order(self) -> tuple[str, ...]:
        column = ORDERS.get(self.sort.removeprefix("-"), "code")
        return (f"-{column}" if self.sort.startswith("-") else column, "code")


def _shown(rows: RegionQuerySet) -> RegionQuerySet:
    today = clock.today()
    now = RegionMembership.objects.on(today).select_related("municipality").order_by("municipality")
    support = SupportYear.objects.select_related("program").order_by("program__order", "fiscal_year")
    held = Q(memberships__joined_on__lte=today) & (Q(memberships__left_on=None) | Q(memberships__left_on__gte=today))
    return (
        rows.select_related("lead_bureau", "lead")
        .annotate(members_count=Count("memberships", filter=held, distinct=True))
        .prefetch_related(
            Prefetch("memberships", now, to_attr="members_now"), Prefetch("support_years", support, to_attr="supported")
        )
    )


def programs_of(supported: list[SupportYear]) -> list[str]:
    """加速化事業 令和3–5年度: each program with its years; rows ordered by program and year."""
    found = []
    for program, group in groupby(supported, key=lambda row: row.program):
        years = [FiscalYear(row.fiscal_year) for row in group]
        first, last = years[0].wareki.removesuffix("年度"), years[-1].wareki.removesuffix("年度")
        span = first if first == last else f"{first}–{last.removeprefix(first[:2])}"
        found.append(f"{program.short_name} {span}年度")
    return found
