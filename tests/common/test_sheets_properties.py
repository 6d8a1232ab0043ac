"""Whatever stands and whatever comes: an import undone leaves no trace, an import repeated changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.models import SheetImport
from common.sheets import importing
from common.viewer import SYSTEM
from municipalities.models import PopulationFigure

from .sheet_files import text, towns_with_census

pytestmark = pytest.mark.django_db

KEYS = st.tuples(st.sampled_from(["011002", "012238", "014281"]), st.integers(2000, 2003))
AGES = st.tuples(*[st.one_of(st.none(), st.integers(0, 3))] * 3)
STANDING = st.dictionaries(KEYS, AGES, max_size=8)
HEADINGS = {"0-14歳": "age_0_14", "15-64歳": "age_15_64", "65歳以上": "age_65_over"}


def total(ages: tuple[int | None, ...]) -> int:
    return sum(age or 0 for age in ages)


def stand(rows: dict[tuple[str, int], tuple[int | None, ...]]) -> None:
    """Put figures into the table as somebody entered them before."""
    PopulationFigure.objects.bulk_create(
        PopulationFigure(
            series_id="census",
            municipality_id=code,
            year=year,
            total=total(ages),
            note="前から",
            **dict(zip(HEADINGS.values(), ages, strict=True)),
        )
        for (code, year), ages in rows.items()
    )


def sheet(rows: dict[tuple[str, int], tuple[int | None, ...]], headings: list[str]) -> Any:
    """A sheet of these figures with some of the columns of ages."""
    lines = []
    for (code, year), ages in rows.items():
        by_heading = dict(zip(HEADINGS, ages, strict=True))
        shown = ["" if by_heading[heading] is None else by_heading[heading] for heading in headings]
        lines.append([code, "国勢調査", f"{year}年", total(ages), *shown])
    return text(*lines, head=["団体コード", "出典", "年", "総人口", *headings], encoding="utf-8")


def table() -> list[dict[str, Any]]:
    return list(PopulationFigure.objects.order_by("municipality", "year").values())


def brought_in(upload: Any) -> SheetImport:
    run = importing.check(importing.start(upload, kind="I-03", viewer=SYSTEM), SYSTEM)
    return importing.confirm(run, viewer=SYSTEM, skip_errors=True)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=STANDING,
    coming=st.dictionaries(KEYS, AGES, min_size=1, max_size=8),
    headings=st.permutations(list(HEADINGS)),
    many=st.integers(0, 3),
)
def test_undone_it_leaves_no_trace_and_repeated_it_changes_nothing(
    db: None,
    before: dict[tuple[str, int], tuple[int | None, ...]],
    coming: dict[tuple[str, int], tuple[int | None, ...]],
    headings: list[str],
    many: int,
):
    chosen = headings[:many]
    with transaction.atomic():
        towns_with_census()
        stand(before)
        stood = table()
        run = brought_in(sheet(coming, chosen))
        left = table()
        assert run.new + run.changed + run.same + run.error == len(coming)
        again = importing.check(importing.start(sheet(coming, chosen), kind="I-03", viewer=SYSTEM), SYSTEM)
        assert (again.new, again.changed) == (0, 0)
        importing.discard(again, SYSTEM)
        assert {(row["municipality_id"], row["year"]) for row in left} >= before.keys()
        for row in left:
            key = (row["municipality_id"], row["year"])
            if key in coming and not run.error:
                assert row["total"] == total(coming[key])
        importing.undo(run, SYSTEM)
        assert table() == stood
        transaction.set_rollback(True)
