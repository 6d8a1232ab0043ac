"""`manage.py find_partners`: with whom could these municipalities apply?"""

import json
import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from subsidies.models import Program
from subsidies.partners.finder import Answer, Finder, answer_json
from subsidies.questions import BadQuestion

OK, NO, BAD = 0, 1, 2


class Command(BaseCommand):
    """Exit 0: there are eligible sets; 1: there is none; 2: the question is wrong, with a Japanese message."""

    help = "要件を満たす市町村の組合せを探します（何も保存しません）。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--program", required=True, help="制度（model、acceleration、successor）")
        parser.add_argument("--fiscal-year", required=True, help="年度（2026、R8、令和8年度）")
        parser.add_argument("--with", dest="given", default="", help="必ず含む市町村の団体コード（カンマ区切り）")
        parser.add_argument("--max-size", dest="largest", help="市町村の数の上限（2から8）")
        parser.add_argument("--limit", help="表示する件数（省略時は20）")
        parser.add_argument("--remote", help="隣接しない市町村を加える数（0から2、省略時は0）")
        parser.add_argument("--field", help="取組の主な分野（デジタルなど）。指定するとその分野の取組として判定する")
        parser.add_argument("--within", help="振興局コード。その管内の市町村だけで探す")
        parser.add_argument("--series", help="将来推計人口の版（ipss_h25、ipss_h30、ipss_r5）")
        parser.add_argument("--on", help="基準日（省略時は年度の初日）")
        parser.add_argument("--json", action="store_true", help="結果をJSONで出力する")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            program = Program.objects.filter(pk=options["program"]).first()
            if program is None:
                self._refuse(f"制度「{options['program']}」は登録されていません。", as_json=options["json"])
            finder = Finder(program.prefecture_id)
            answer = finder.find(finder.read(options))
        except BadQuestion as wrong:
            self._refuse(str(wrong), as_json=options["json"])
        except DatabaseError as problem:
            self._refuse(
                f"データベースを読み取れません（{problem}）。先に load_reference を実行してください。",
                as_json=options["json"],
            )
        if options["json"]:
            self.stdout.write(json.dumps(finder.desk.short_codes(answer_json(answer)), ensure_ascii=False))
        else:
            self._print(answer)
        if not answer.counts.get("pass"):
            sys.exit(NO)

    def _refuse(self, message: str, *, as_json: bool) -> NoReturn:
        if as_json:
            self.stdout.write(json.dumps({"error": message}, ensure_ascii=False))
        self.stderr.write(message)
        sys.exit(BAD)

    def _print(self, answer: Answer) -> None:
        counts, lines = answer.counts, self.stdout.write
        lines(
            f"{answer.searched:,}通りのうち、要件を満たすもの {counts.get('pass', 0):,}、"
            f"判断を要するもの {counts.get('judge', 0):,}、データの足りないもの {counts.get('no_data', 0):,}"
        )
        for proposal in answer.proposals:
            lines(f"・{'、'.join(member.name for member in proposal.members)}")
            if proposal.reasons.texts:
                lines(f"　　{'／'.join(proposal.reasons.texts)}")
