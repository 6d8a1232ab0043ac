"""Works off the queue of long work until it is told to stop."""

import logging
import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from common import tasks

logger = logging.getLogger(__name__)
POLL_SECONDS = 1.0


class Command(BaseCommand):
    """One process, one task at a time; start several for more. SIGTERM and Ctrl-C hand a running task back."""

    help = "時間のかかる処理（文書の作成、取込など）を順に実行します。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until-empty", action="store_true", help="待っている処理がなくなったら終了します")

    def handle(self, *args: Any, until_empty: bool, **options: Any) -> None:
        worker = tasks.worker_name()
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, _stop)
        self.stderr.write(f"worker {worker}: 開始しました。")
        pause = threading.Event()
        try:
            while True:
                close_old_connections()
                try:
                    ran = tasks.run_next(worker)
                except DatabaseError:
                    logger.exception("the database does not answer; the next try follows")
                    ran = None
                if ran is None:
                    if until_empty:
                        return
                    pause.wait(POLL_SECONDS)
        except KeyboardInterrupt:
            self.stderr.write(f"worker {worker}: 終了しました。")


def _stop(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
