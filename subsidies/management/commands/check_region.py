"""`manage.py check_region`: can these municipalities be a region of this program? One question, or a file of them."""

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from common.fiscal_year import FiscalYear, wareki
from subsidies.questions import BadQuestion, Desk, codes_in
from subsidies.rules.ruleset import STAGE_LABELS, Stage
from subsidies.rules.verdict import RESULT_LABELS, Result

OK, NO, BAD = 0, 1, 2
QUESTION = ("program", "fiscal_year", "members", "hub", "type", "series", "on")


class Command(BaseCommand):
    """Exit 0: no rule fails (some may be open); 1: a rule fails; 2: the question is wrong, with a Japanese message."""

    help = "構成市町村・制度・年度から、地域の要件を満たすかを確かめます（何も保存しません）。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--program", help="制度（model、acceleration、successor）")
        parser.add_argument("--fiscal-year", help="年度（2026、R8、令和8年度）")
        parser.add_argument("--members", help="構成市町村の団体コード（5桁か6桁、カンマ区切り）")
        parser.add_argument("--hub", help="中心都市の団体コード")
        parser.add_argument("--type", help="類型（flat：フラット、hub：中心都市と隣接市町村）")
        parser.add_argument("--series", help="将来推計人口の版（ipss_h25、ipss_h30、ipss_r5）")
        parser.add_argument("--on", help="基準日（省略時は年度の初日）")
        parser.add_argument("--batch", metavar="FILE", help="1行に1問のJSONを書いたファイル（- は標準入力）")
        parser.add_argument("--json", action="store_true", help="結果をJSONで出力する")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._ask(options)
        except DatabaseError as problem:
            self._refuse(
                f"データベースを読み取れません（{problem}）。先に load_reference を実行してください。", options["json"]
            )

    def _ask(self, options: dict[str, Any]) -> None:
        if options["batch"]:
            self._batch(options["batch"])
            return
        raw = {key: options[key] for key in QUESTION if options[key] is not None}
        desk = Desk(codes_in(raw))
        try:
            answer = desk.answer(raw)
        except BadQuestion as wrong:
            self._refuse(str(wrong), options["json"])
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self._print(answer, {code[:5]: name for code, name in desk.ground.names.items()})
        if answer["result"] == Result.FAIL:
            sys.exit(NO)

    def _batch(self, name: str) -> None:
        """Answer line by line in order; a bad line answers {"error": …} in its place and the run goes on."""
        try:
            text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as problem:
            self._refuse(f"ファイルを読み取れません（{name}：{problem}）。", as_json=False)
        desk = Desk()
        for answer in _answers(desk, text):
            self.stdout.write(json.dumps(answer, ensure_ascii=False))

    def _refuse(self, message: str, as_json: bool) -> NoReturn:
        if as_json:
            self.stdout.write(json.dumps({"error": message}, ensure_ascii=False))
        self.stderr.write(message)
        sys.exit(BAD)

    def _print(self, answer: dict[str, Any], names: dict[str, str]) -> None:
        year, lines = FiscalYear(answer["fiscal_year"]), self.stdout.write
        on = wareki(date.fromisoformat(answer["on"]))
        lines(f"{answer['program']}　{year.full}　基準日 {on}　将来推計人口の版 {answer['series']}")
        lines(f"構成市町村（{len(answer['members'])}）：{'、'.join(names[code] for code in answer['members'])}")
        lines(f"判定：{RESULT_LABELS[Result(answer['result'])]}")
        for finding in answer["findings"]:
            lines("")
            inner = "　" if "within" in finding else ""
            lines(f"{inner}{finding['rule']} {RESULT_LABELS[Result(finding['result'])]}　{finding['title']}")
            lines(f"{inner}　{finding['message']}")
            if candidates := (finding["nearest_change"] or {}).get("candidates"):
                lines(f"{inner}　加えられる隣の市町村：{'、'.join(f'{names[code]}（{code}）' for code in candidates)}")
            lines(f"{inner}　出典：{finding['source']}")
        lines("")
        lines("このあとの段階で見る要件：")
        for later in answer["later"]:
            lines(f"　{later['rule']}（{STAGE_LABELS[Stage(later['stage'])]}）{later['wording']}")


def _answers(desk: Desk, text: str) -> Iterator[dict[str, Any]]:
    """One answer for each line, blank ones between others included, so that answers stand beside their questions."""
    for line in text.rstrip().split("\n"):
        try:
            raw = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as wrong:
            yield {"error": f"JSONとして読み取れません（{getattr(wrong, 'msg', '入れ子が深すぎます')}）。"}
            continue
        if not isinstance(raw, dict):
            yield {"error": "1行に1つの問い（{…}）を書いてください。"}
            continue
        try:
            yield desk.answer(raw)
        except BadQuestion as wrong:
            yield {"error": str(wrong)}
