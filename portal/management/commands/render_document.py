"""`manage.py render_document --id ID --out FILE`: the PDF of an issued paper, as it was issued."""

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from common.documents import DocumentError, ensure_pdf
from common.models import DocumentIssue


class Command(BaseCommand):
    """Exit 0: written; 1: the paper cannot be drawn or is not the one that was issued; 2: bad input."""

    help = "発行文書のPDFを書き出します。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--id", required=True, help="発行文書の番号（整数）")
        parser.add_argument("--out", required=True, help="書き出すファイル")
        parser.add_argument("--json", action="store_true", help="結果をJSONで出力する")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["id"].isdecimal():
            self._stop(2, f"文書の番号は整数で指定してください（「{options['id']}」）。")
        document = DocumentIssue.objects.filter(pk=int(options["id"])).first()
        if document is None:
            self._stop(2, f"番号{options['id']}の文書はありません。")
        try:
            data = ensure_pdf(document)
        except DocumentError as problem:
            self._stop(1, str(problem))
        out = Path(options["out"])
        try:
            out.write_bytes(data)
        except OSError as problem:
            self._stop(2, f"書き出せません（{out}：{problem.strerror}）。")
        if options["json"]:
            answer = {"id": document.pk, "kind": document.kind, "title": document.title, "pages": document.pages}
            self.stdout.write(json.dumps(answer | {"sha256": document.sha256, "out": str(out)}, ensure_ascii=False))
        else:
            self.stdout.write(f"{document.title}（{document.pages}ページ）を{out}に書き出しました。")

    def _stop(self, code: int, message: str) -> NoReturn:
        self.stderr.write(message)
        sys.exit(code)
