"""Reference data, history and the demo world: everything `make run` shows. Idempotent."""

import json
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from portal.demo.world import load_world
from portal.finding.index import refresh


class Command(BaseCommand):
    help = "基礎データ・事業の実績・デモの世界を読み込みます（何度実行しても同じ結果になります）。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="件数をJSONで出力する")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("load_reference", stdout=self.stderr)
        counts = load_world()
        refresh()
        if options["json"]:
            self.stdout.write(json.dumps(counts))
        else:
            self.stdout.write("、".join(f"{name} {count}" for name, count in counts.items()))
