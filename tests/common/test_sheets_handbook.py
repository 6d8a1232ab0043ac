"""docs/sheets.md says what the declarations say."""

from __future__ import annotations

from pathlib import Path

from common.sheets import handbook
from common.sheets.kinds import all_kinds

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sheets.md"


def test_the_page_is_the_one_that_the_declarations_write():
    assert PAGE.read_text(encoding="utf-8") == handbook.page(), "manage.py sheet_handbook > docs/sheets.md"


def test_every_sheet_has_a_key_that_is_required():
    for kind in all_kinds():
        keys = [field for field in kind.form_fields(handbook.Context()) if field.key]
        assert keys, kind.id
