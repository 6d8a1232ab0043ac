"""Prints docs/sheets.md: the sheets that come in, with their columns and messages."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from ...sheets.handbook import page


class Command(BaseCommand):
    help = "Write the handbook page of all sheets that come in: manage.py sheet_handbook > docs/sheets.md"

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page to stdout."""
        self.stdout.write(page(), ending="")
