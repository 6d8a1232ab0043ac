"""`manage.py load_reference`: the committed reference data of every room, as often as you like."""

from __future__ import annotations

import json
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from accounts import load as offices
from common.upsert import Counts
from municipalities import load as ground
from portal import load as indicators
from portal.finding.index import refresh
from regions import load as regions
from subsidies import load as subsidies


class Command(BaseCommand):
    help = "基礎データ（市町村・人口・境界・隣接・所属・圏域・制度）を登録する。何度実行しても同じ結果になる。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="結果を1つのJSONで出力する")

    def handle(self, *args: Any, **options: Any) -> None:
        started = perf_counter()
        counts = load_rooms()
        refresh()
        seconds = round(perf_counter() - started, 1)
        if options["json"]:
            answer = {
                "tables": {table: vars(count) for table, count in counts.items()},
                "changes": sum(count.touched for count in counts.values()),
                "seconds": seconds,
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        for table, count in counts.items():
            self.stdout.write(f"{table}：新規 {count.new:,}、変更 {count.changed:,}、同じ {count.same:,}")
        self.stdout.write(f"{seconds}秒で終わりました。")


@transaction.atomic
def load_rooms() -> dict[str, Counts]:
    """Load what each room has, from the ground up; return what happened per model label."""
    return ground.load_all() | offices.load_all() | regions.load_all() | subsidies.load_all() | indicators.load_all()
