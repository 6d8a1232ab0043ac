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

from .models import Program, RuleSetVersion, SupportYear
from .rules.ruleset import parse

PROGRAMS = Path(settings.BASE_DIR) / "fixtures" / "programs"
ORDER = ("model", "acceleration", "successor")


def read(code: str) -> dict[str, Any]:
    """Return the content of one ruleset file, the program's own description under `about`."""
    content: dict[str, Any] = yaml.safe_load((PROGRAMS / f"{code}.yaml").read_text(encoding="utf-8"))
    return content


@transaction.atomic
def load_programs(prefecture: str) -> dict[str, int]:
    """Create or refresh the three programs and the first version of their rulesets. Idempotent.

    A version that a call already uses is never touched. Raises RuleSetError naming row and key.
    """
    created = 0
    for code in ORDER:
        content = _plain(read(code))
        about = content.pop("about")
        rules = parse(content)
        program, _ = Program.objects.update_or_create(
            code=code,
            defaults={
                "prefecture_id": prefecture,
                "name": rules.name,
                "short_name": about["short_name"],
                "umbrella": about.get("umbrella", ""),
                "purpose": about.get("purpose", ""),
                "demonstration": about.get("demonstration", False),
                "order": about["order"],
            },
        )
        from_fy = about["effective_from_fy"]
        version = program.rulesets.filter(version=rules.version).first()
        if version is None:
            version, created = RuleSetVersion(program=program, version=rules.version), created + 1
        elif version.calls.exists():
            continue
        version.content = content
        version.effective_from_fy, version.effective_to_fy = from_fy, about.get("effective_to_fy")
        version.note = about.get("note", "")
        version.state = RuleSetVersion.State.PUBLISHED
        version.published_at = clock.at(FiscalYear(from_fy).first_day)
        version.save()
    return {"Program": Program.objects.count(), "RuleSetVersion": RuleSetVersion.objects.count(), "created": created}


@transaction.atomic
def load_support_years(rows: list[dict[str, Any]]) -> int:
    """Write which region was supported by which program in which year; return how many rows are new.

    `rows`: program, region, fiscal_year, projects (ids), basis, source. Rows that exist are refreshed.
    """
    new = 0
    for row in rows:
        year, created = SupportYear.objects.update_or_create(
            program_id=row["program"],
            region_id=row["region"],
            fiscal_year=row["fiscal_year"],
            defaults={"basis": row["basis"], "source": row["source"]},
        )
        year.projects.set(row.get("projects", ()))
        new += created
    return new


def _plain(value: Any) -> Any:
    """YAML reads dates; JSON has none: write them as ISO text."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
