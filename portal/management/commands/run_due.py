"""What time brings: starts, reminders, lapses coming near. For cron or a timer; running it twice changes nothing."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from common.fiscal_year import parse_day
from regions.services import bear_names
from subsidies.services.due import run_due


class Command(BaseCommand):
    help = "着手・督促など、日付で進むことを行います。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", default="", help="この日として行う（例：2026-12-01）")
        parser.add_argument("--json", action="store_true", help="結果をJSONで出力する")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            day = parse_day(options["on"]) if options["on"] else clock.today()
        except ValueError as wrong:
            raise CommandError(str(wrong), returncode=2) from wrong
        with clock.standing_at(clock.at(day)):
            counts = {**run_due(day), "renamed": bear_names(day)}
        if options["json"]:
            self.stdout.write(json.dumps({"on": day.isoformat(), **counts}))
        else:
            self.stdout.write(f"{day}：着手{counts['started']}件、督促{counts['reminded']}件")
