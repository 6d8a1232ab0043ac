"""`manage.py replay_history`: the published history of the closed programs, judged again by their rulesets."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from common.fiscal_year import FiscalYear
from subsidies.replay import replay
from subsidies.rules.verdict import RESULT_LABELS, Result


class Command(BaseCommand):
    """Exit 0: replayed; 2: no such program, or no data, with a Japanese message."""

    help = "公表された支援の実績（地域・年度）を、制度のルールでもう一度判定します。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--program", default="", help="制度（model、acceleration、successor）。省略するとすべて")
        parser.add_argument("--json", action="store_true", help="結果をJSONで出力する")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer = replay(options["program"])
        except (ValueError, DatabaseError) as wrong:
            if options["json"]:
                self.stdout.write(json.dumps({"error": str(wrong)}, ensure_ascii=False))
            self.stderr.write(str(wrong))
            sys.exit(2)
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        for program in answer["programs"]:
            self._print(program)

    def _print(self, program: dict[str, Any]) -> None:
        lines = self.stdout.write
        lines(f"{program['name']}：{program['regions']}地域、{program['municipalities']}市町村")
        for row in program["started"]:
            lines(f"　{FiscalYear(row['fiscal_year']).full}に開始：{row['regions']}地域、{row['municipalities']}市町村")
        for row in program["by_year"]:
            mark = "（推定）" if row["assumed"] else ""
            year = FiscalYear(row["fiscal_year"]).full
            lines(f"　{year}に支援：{row['regions']}地域、{row['municipalities']}市町村{mark}")
        for past in program["applications"]:
            year = FiscalYear(past["fiscal_year"]).wareki
            lines(f"　{past['region']} {past['name']} {year}：{RESULT_LABELS[Result(past['result'])]}")
            for finding in past["findings"]:
                if finding["result"] in (Result.FAIL, Result.JUDGE, Result.WARN):
                    lines(f"　　{finding['rule']} {RESULT_LABELS[Result(finding['result'])]}　{finding['message']}")
        lines("")
