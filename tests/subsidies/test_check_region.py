"""`check_region`: the question as scripts put it, on the real municipalities of Hokkaido."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from regions.models import HubDesignation
from tests.queries import queries_of

from .published import published_db, reference_db  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_db")]
YOTEI = "01400,01401,01407,01408,01409"  # 倶知安・共和 are blank, 仁木・余市・赤井川 in 北しりべし
MINAMI_SORACHI = "01210,01209,01215,01222,01423,01427,01428,01429,01430"
NEMURO = "01223,01691,01692,01693,01694"


def ask(*arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of the command."""
    out, err = StringIO(), StringIO()
    try:
        call_command("check_region", *arguments, stdout=out, stderr=err)
    except SystemExit as stopped:
        return int(stopped.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def question(program: str, year: str, members: str, *more: str) -> tuple[int, dict[str, Any]]:
    arguments = ("--program", program, "--fiscal-year", year, "--members", members, "--json", *more)
    code, out, _ = ask(*arguments)
    return code, json.loads(out)


def findings(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {finding["rule"]: finding for finding in answer["findings"]}


def test_the_answer_says_what_is_missing_and_who_could_join():
    code, answer = question("acceleration", "2024", YOTEI)
    found = findings(answer)["A-02"]
    assert code == 1
    assert (answer["result"], answer["on"], found["result"]) == ("fail", "2024-04-01", "fail")
    assert found["message"] == "国の制度を使えない市町村は5のうち2です。あと1町村で1/2を満たします。"
    assert found["inputs"] == {"blank": 2, "members": 5, "share": "2/5", "at_least": "1/2"}
    assert found["source"] == "報告（令和6年3月）表4"
    assert found["nearest_change"]["add_blank"] == 1
    assert sorted(found["nearest_change"]["candidates"]) == ["01394", "01395", "01399", "01402", "01403"]
    assert findings(answer)["A-04"]["result"] == "warn"
    assert {"rule": "A-05", "stage": "submit", "wording": "地域連携協定・ビジョン"} in answer["later"]


def test_joining_a_candidate_turns_the_verdict():
    code, answer = question("acceleration", "令和6年度", f"{YOTEI},013994")
    assert (code, answer["result"], findings(answer)["A-02"]["inputs"]["share"]) == (0, "pass", "1/2")


@pytest.mark.parametrize(
    ("on", "blank", "result"),
    [("2019-03-28", 9, "pass"), ("2020-04-01", 6, "pass"), ("2025-03-25", 6, "pass"), ("2025-03-31", 0, "fail")],
)
def test_w31_minami_sorachi_by_the_day_of_its_zones(on, blank, result):
    _, answer = question("acceleration", "2020", MINAMI_SORACHI, "--on", on)
    found = findings(answer)["A-02"]
    assert (found["inputs"]["blank"], found["result"]) == (blank, result)


def test_w32_and_w33_on_the_loaded_editions():
    _, nishiokoppe = question("model", "2017", "01562,01563", "--series", "ipss_h30")
    assert "西興部村 29.9％（概ね30％の判断が必要）" in findings(nishiokoppe)["M-05a"]["message"]
    _, nemuro = question("model", "2017", NEMURO, "--series", "ipss_h30")
    found = findings(nemuro)["M-05a"]
    assert (found["result"], found["within"]) == ("fail", "M-03")
    assert found["nearest_change"] == {"blocked_by": ["01691", "01692"]}
    assert "別海町（26.995％）" in found["message"]


def test_the_hub_must_be_designated_before_it_is_left_out():
    hub = ("--type", "hub", "--hub", "01692", "--series", "ipss_h30")
    _, before = question("model", "2017", NEMURO, *hub)
    assert findings(before)["M-05b"]["result"] == "no_data"
    assert "中心都市の指定を登録してください" in findings(before)["M-05b"]["message"]
    HubDesignation.objects.create(plan="新・北海道総合計画", municipality_id="016926")
    _, after = question("model", "2017", NEMURO, *hub)
    assert (findings(after)["M-05b"]["result"], findings(after)["M-03"]["result"]) == ("pass", "pass")


def test_an_open_answer_is_not_a_refusal():
    code, answer = question("model", "2017", NEMURO)
    assert (code, answer["result"], answer["series"]) == (0, "judge", "ipss_h25")
    assert findings(answer)["M-06"]["result"] == "judge"


def test_before_the_first_known_zone_nobody_knows():
    _, answer = question("acceleration", "2020", YOTEI, "--on", "2005-04-01")
    assert (findings(answer)["A-02"]["result"], answer["result"]) == ("no_data", "no_data")


def test_the_successor_waits_for_the_field_of_a_distant_partner():
    _, answer = question("successor", "2026", "01223,01691,01400")
    assert findings(answer)["N-03"]["result"] == "no_data"
    assert findings(answer)["N-12"]["result"] == "pass"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"program": "modl"}, "制度「modl」は登録されていません（model、acceleration、successor）。"),
        ({"fiscal_year": "いつか"}, "年度として読み取れません"),
        ({"members": "01223"}, "2つ以上"),
        ({"members": "01223,012238"}, "根室市が2回指定されています。"),
        ({"members": "01223,012239"}, "団体コード「012239」の検査数字が一致しません（正：012238）。"),
        ({"members": "01223,01999"}, "団体コード「01999」は登録されていません。"),
        ({"members": "01223,06201"}, "山形市は市町村連携地域モデル事業の対象の都道府県にありません。"),
        ({"members": ""}, "構成市町村（members）を指定してください。"),
        ({"type": "ring"}, "類型「ring」は選べません"),
        ({"hub": "01400"}, "構成市町村から選んでください"),
        ({"type": "flat", "hub": "01223"}, "フラットな連携に中心都市は指定できません。"),
        ({"series": "census"}, "将来推計人口の版「census」は登録されていません"),
        ({"on": "昨日"}, "日付として読み取れません"),
    ],
)
def test_a_wrong_question_is_refused_with_a_sentence(change, message):
    raw = {"program": "model", "fiscal_year": "2017", "members": NEMURO} | change
    arguments = [part for key, value in raw.items() for part in (f"--{key.replace('_', '-')}", value)]
    code, out, err = ask(*arguments, "--json")
    assert code == 2
    assert message in err
    assert message in json.loads(out)["error"]


def test_the_villages_of_the_northern_territories_are_not_asked_about():
    code, _, err = ask("--program", "model", "--fiscal-year", "2017", "--members", "01223,01696")
    assert (code, "登録されていません" in err) == (2, True)


def test_a_batch_answers_line_by_line_and_a_bad_line_in_its_place(tmp_path):
    good = {"program": "acceleration", "fiscal_year": 2024, "members": YOTEI.split(",")}
    lines = [
        json.dumps(good),
        "これはJSONではありません",
        "",
        "[1, 2]",
        json.dumps(good | {"program": "none"}),
        json.dumps(good | {"member": []}),
        json.dumps(good | {"members": MINAMI_SORACHI.split(",")}),
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    code, out, _ = ask("--batch", str(path))
    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [answer.get("result") for answer in answers] == ["fail", None, None, None, None, None, "pass"]
    assert all(set(answer) == {"error"} for answer in answers[1:6])
    assert "「member」は使えない項目です" in answers[5]["error"]


def test_a_batch_asks_the_database_as_often_for_many_lines_as_for_few(tmp_path):
    def run(lines: int) -> int:
        path = tmp_path / "questions.jsonl"
        line = json.dumps({"program": "acceleration", "fiscal_year": 2024, "members": YOTEI.split(",")})
        path.write_text("\n".join([line] * lines), encoding="utf-8")
        return len(queries_of(lambda: ask("--batch", str(path))))

    assert run(2) == run(40)


def test_one_question_costs_as_many_queries_for_many_members_as_for_two():
    few = queries_of(lambda: question("acceleration", "2024", "01400,01401"))
    many = queries_of(lambda: question("acceleration", "2024", MINAMI_SORACHI))
    assert len(few) == len(many) <= 12


def test_people_read_names_and_sentences():
    code, out, _ = ask("--program", "acceleration", "--fiscal-year", "R6", "--members", YOTEI)
    assert code == 1
    assert "構成市町村（5）：倶知安町、共和町、仁木町、余市町、赤井川村" in out
    assert "A-02 不適合" in out
    assert "京極町（01399）" in out
    assert "A-05（提出）地域連携協定・ビジョン" in out


def test_a_file_that_is_not_there_is_refused():
    code, _, err = ask("--batch", "/nowhere/questions.jsonl")
    assert (code, "読み取れません" in err) == (2, True)
