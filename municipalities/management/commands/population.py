"""`manage.py population`: totals, age groups and decline of municipalities in one series."""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from municipalities.population import ALSO, GROUPS, TARGET_YEAR, Figure, Population, percent, population


class Command(BaseCommand):
    """Exit 0: answered (what is missing is listed); 2: wrong input, with a Japanese message."""

    help = "市町村の人口を、1つの系列（国勢調査または将来推計の版）で答えます。系列は混ぜません。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--members", required=True, help="団体コード（5桁か6桁、カンマ区切り）")
        parser.add_argument("--series", required=True, help="系列（census、ipss_h25、ipss_h30、ipss_r5）")
        parser.add_argument("--years", help="年（カンマ区切り。省略時は系列のすべての年）")
        parser.add_argument("--json", action="store_true", help="結果をJSONで出力する")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            codes = [code for code in _split(options["members"]) if code]
            if not codes:
                raise ValueError("市町村を1つ以上指定してください。")
            years = [_year(year) for year in _split(options["years"])] if options["years"] else None
            found = population(codes, options["series"], years)
        except ValueError as wrong:
            if options["json"]:
                self.stdout.write(json.dumps({"error": str(wrong)}, ensure_ascii=False))
            self.stderr.write(str(wrong))
            sys.exit(2)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(found), ensure_ascii=False))
        else:
            self._print(found)

    def _print(self, found: Population) -> None:
        self.stdout.write(f"{found.series.name}（{found.series.publisher}）")
        for code, name in [*found.names.items(), (None, "あわせて")]:
            counts = (f"{year}年 {_shown(found.at(year, code).total)}" for year in found.years)
            rate = found.decline(code)
            told = "" if rate is None else f"　減少率（{found.series.base_year}→{TARGET_YEAR}年）{percent(rate)}％"
            self.stdout.write(f"{name}：{'、'.join(counts)}{told}")
        for gap in found.missing:
            self.stdout.write(f"データなし：{gap.reason}")
        self.stdout.write(f"出典：{found.series.source.credit}")


def as_json(found: Population) -> dict[str, Any]:
    """The answer as one object: codes with 5 digits, years as keys, None where the series has no value."""
    rates: dict[str, Any] = {"together": _rate(found.decline())}
    rates |= {code[:5]: _rate(found.decline(code)) for code in found.members}
    return {
        "series": found.series.code,
        "base_year": found.series.base_year,
        "together": {str(year): _figure(found.at(year)) for year in found.years},
        "members": [
            {"code": code[:5], "name": found.names[code]}
            | {str(year): _figure(found.at(year, code)) for year in found.years}
            for code in found.members
        ],
        "decline_2040": rates,
        "missing": [
            {"code": gap.code[:5], "years": list(gap.years), "groups": list(gap.groups), "reason": gap.reason}
            for gap in found.missing
        ],
    }


def _figure(figure: Figure) -> dict[str, int | None]:
    known = {label: getattr(figure, name) for label, name in ALSO.items() if getattr(figure, name) is not None}
    return {label: getattr(figure, name) for label, name in GROUPS.items()} | known


def _rate(rate: Fraction | None) -> dict[str, str] | None:
    return None if rate is None else {"fraction": str(rate), "percent": percent(rate)}


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.replace("、", ",").split(",")]


def _year(text: str) -> int:
    if not (text.isdigit() and len(text) == 4):
        raise ValueError(f"年は西暦4桁で指定してください（「{text}」）。")
    return int(text)


def _shown(count: int | None) -> str:
    return "－" if count is None else f"{count:,}人"
