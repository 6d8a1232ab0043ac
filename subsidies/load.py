"""Programs and their rulesets from `fixtures/programs/`, and the years in which each region was supported."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from common import clock
from common.fiscal_year import FiscalYear
from common.upsert import Counts, upsert
from regions.load import support_rows

from .models import Program, RuleSetVersion, SupportYear
from .rules.ruleset import parse

PROGRAMS = Path(settings.BASE_DIR) / "fixtures" / "programs"
ORDER = ("model", "acceleration", "successor")


def read(code: str) -> dict[str, Any]:
    """Return the content of one ruleset file, the program's own description under `about`."""
    content: dict[str, Any] = yaml.safe_load((PROGRAMS / f"{code}.yaml").read_text(encoding="utf-8"))
    return content


@transaction.atomic
def load_all() -> dict[str, Counts]:
    """Load programs, rulesets and the supported years of both closed programs; what happened per table."""
    return load_programs(settings.PREFECTURE_CODE) | {
        "subsidies.SupportYear": load_support_years(support_rows()),
    }


@transaction.atomic
def load_programs(prefecture: str) -> dict[str, Counts]:
    """Create or refresh the three programs and the first version of their rulesets. Idempotent.

    A version that a call already uses is never touched. Raises RuleSetError naming row and key.
    """
    programs: list[dict[str, Any]] = []
    versions: list[dict[str, Any]] = []
    used = set(RuleSetVersion.objects.filter(calls__isnull=False).values_list("program", "version"))
    for code in ORDER:
        content = _plain(read(code))
        about = content.pop("about")
        rules = parse(content)
        programs.append(
            {
                "code": code,
                "prefecture_id": prefecture,
                "name": rules.name,
                "short_name": about["short_name"],
                "umbrella": about.get("umbrella", ""),
                "purpose": about.get("purpose", ""),
                "demonstration": about.get("demonstration", False),
                "order": about["order"],
            }
        )
        if (code, rules.version) in used:
            continue
        from_fy = about["effective_from_fy"]
        versions.append(
            {
                "program_id": code,
                "version": rules.version,
                "state": RuleSetVersion.State.PUBLISHED,
                "content": content,
                "effective_from_fy": from_fy,
                "effective_to_fy": about.get("effective_to_fy"),
                "note": about.get("note", ""),
                "published_at": clock.at(FiscalYear(from_fy).first_day),
            }
        )
    return {
        "subsidies.Program": upsert(Program, programs, ("code",)),
        "subsidies.RuleSetVersion": upsert(RuleSetVersion, versions, ("program_id", "version")),
    }


@transaction.atomic
def load_support_years(rows: list[dict[str, Any]]) -> Counts:
    """Write which region was supported by which program in which year.

    `rows`: program, region, fiscal_year, projects (ids), basis, source. Rows of decisions are never touched.
    """
    counts = upsert(
        SupportYear,
        [
            {
                "program_id": row["program"],
                "region_id": row["region"],
                "fiscal_year": row["fiscal_year"],
                "basis": row["basis"],
                "source": row["source"],
            }
            for row in rows
        ],
        ("program_id", "region_id", "fiscal_year"),
    )
    years = {(year.program_id, year.region_id, year.fiscal_year): year.pk for year in SupportYear.objects.all()}
    through = SupportYear.projects.through
    through.objects.bulk_create(
        (
            through(supportyear_id=years[row["program"], row["region"], row["fiscal_year"]], project_id=project)
            for row in rows
            for project in row.get("projects", ())
        ),
        ignore_conflicts=True,
    )
    return counts


def _plain(value: Any) -> Any:
    """YAML reads dates; JSON has none: write them as ISO text."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
