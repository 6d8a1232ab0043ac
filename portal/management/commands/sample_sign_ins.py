"""Prints who may be chosen on the sign-in page of a demo."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.samples import sample_groups
from portal.demo.people import PASSWORD


class Command(BaseCommand):
    """The sample people by kind of office: user name, name, posts, what each can do. Exit 1 where there are none."""

    help = "デモのサインイン画面で選べる人の一覧を表示します。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="結果を JSON で出力します")

    def handle(self, *args: Any, **options: Any) -> None:
        groups = sample_groups()
        if not groups:
            raise CommandError("デモの利用者が登録されていません。load_demo を実行してください。", returncode=1)
        if options["json"]:
            answer = {"password": PASSWORD, "groups": [asdict(group) for group in groups]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        for group in groups:
            self.stdout.write(f"【{group.title}】")
            for person in group.people:
                posts, able = "、".join(person.posts), "。".join(person.able)
                self.stdout.write(f"  {person.username:<16} {person.name}　{posts}：{able}")
        self.stdout.write(f"サインイン画面で人を選ぶだけで入れます。利用者名で入るときのパスワードは {PASSWORD} です。")
