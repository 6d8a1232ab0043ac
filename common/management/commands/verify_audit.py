"""Says whether the audit chain holds; the first broken event otherwise."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from common import audit
from common.models import AuditEvent


class Command(BaseCommand):
    """Exit 0: every event is as it was written. Exit 1: it is not, or the protection against changes is gone."""

    help = "監査記録の連鎖を検証します。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="結果を JSON で出力します")

    def handle(self, *args: Any, **options: Any) -> None:
        broken = audit.first_broken()
        events = AuditEvent.objects.count()
        unprotected = audit.missing_triggers()
        if broken:
            message = broken.why
        elif unprotected:
            message = f"監査記録を守る仕組み（{'、'.join(unprotected)}）が外れています。"
        else:
            message = f"監査記録{events:,}件に異常はありません。"
        if options["json"]:
            answer = {
                "intact": broken is None,
                "append_only": not unprotected,
                "events": events,
                "first_broken": {"event": broken.event_id, "message": broken.why} if broken else None,
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        (self.stderr if options["json"] else self.stdout).write(message)
        if broken or unprotected:
            sys.exit(1)
