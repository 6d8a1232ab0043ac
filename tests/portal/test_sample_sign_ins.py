"""The command that `make run` ends with: who may be chosen on the sign-in page."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from common.viewer import Duty

from ..viewers import saved, viewer

pytestmark = pytest.mark.django_db


def _output(*arguments: str) -> str:
    out = io.StringIO()
    call_command("sample_sign_ins", *arguments, stdout=out)
    return out.getvalue()


def test_each_sample_person_stands_under_her_office_with_what_she_can_do():
    for person in (viewer(Duty.BS, name="デモ 審査担当"), viewer(Duty.MP, name="デモ 企画担当"), viewer(Duty.HS)):
        saved(person)
    User.objects.exclude(display_name="テスト 本庁 審査担当").update(is_sample=True)
    lines = _output().splitlines()
    assert lines[0] == "【市町村】"
    assert lines[1].endswith(" デモ 企画担当　長沼町　市町村 企画担当：要件を試し、共同の申請を作る")
    assert "【本庁】" not in lines
    groups = json.loads(_output("--json"))["groups"]
    assert [group["title"] for group in groups] == ["市町村", "振興局"]
    assert groups[1]["people"][0]["posts"] == ["空知総合振興局　振興局 審査担当"]


def test_without_a_demo_world_it_says_what_to_do():
    with pytest.raises(CommandError, match="load_demo"):
        _output()
