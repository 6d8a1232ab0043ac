"""What time brings: starts, reminders, lapses coming near. For cron or a timer; running it twice changes nothing."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services import move_due
from common import clock, notices
from common.fiscal_year import parse_day
from regions.services import due as regions_due
from subsidies.services import due as subsidies_due


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
            counts = subsidies_due.run_due(day) | regions_due.run_due(day)
            counts["handed_over"] = move_due(day)
            notices.send_waiting()
        if options["json"]:
            self.stdout.write(json.dumps({"on": day.isoformat(), **counts}))
        else:
            told = {
                "着手": "started",
                "完了": "finished",
                "申請・交付金の期限の知らせ": "reminded",
                "地域・協定・会議の期限の知らせ": "regions_reminded",
                "引継ぎ": "handed_over",
            }
            self.stdout.write(f"{day}：" + "、".join(f"{word}{counts[key]}件" for word, key in told.items()))
