"""`manage.py rebuild_search`: read the search index anew, as after a restore; as often as you like."""

from __future__ import annotations

import json
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.finding.index import rebuild, refresh


class Command(BaseCommand):
    help = "検索の索引を作り直す。何度実行しても同じ結果になる。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="結果を1つのJSONで出力する")
        parser.add_argument("--changed", action="store_true", help="変わったものだけを読み直す")

    def handle(self, *args: Any, **options: Any) -> None:
        started = perf_counter()
        things = refresh() if options["changed"] else rebuild()
        seconds = round(perf_counter() - started, 1)
        if options["json"]:
            self.stdout.write(json.dumps({"things": things, "seconds": seconds}))
            return
        self.stdout.write(f"{things:,}件を読み、{seconds}秒で終わりました。")
