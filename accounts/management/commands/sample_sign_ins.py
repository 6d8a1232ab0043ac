"""Prints who may be chosen on the sign-in page of a demo."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ...samples import sample_groups


class Command(BaseCommand):
    """The sample people by kind of office: name, posts, and what each can do. Exit 1 where there are none."""

    help = "デモのサインイン画面で選べる人の一覧を表示します。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="結果を JSON で出力します")

    def handle(self, *args: Any, **options: Any) -> None:
        groups = sample_groups()
        if not groups:
            raise CommandError("デモの利用者が登録されていません。load_demo を実行してください。", returncode=1)
        if options["json"]:
            self.stdout.write(json.dumps({"groups": [asdict(group) for group in groups]}, ensure_ascii=False))
            return
        for group in groups:
            self.stdout.write(f"【{group.title}】")
            for person in group.people:
                self.stdout.write(f"  {person.name}　{'、'.join(person.posts)}：{'。'.join(person.able)}")
