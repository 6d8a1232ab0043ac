"""The pages of the studio: what they show, what they keep when something is wrong, how often they ask the database."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from common.viewer import Duty
from portal.context_processors import version
from subsidies.models import RuleSetVersion
from subsidies.rulesets import rules_of
from subsidies.services import publishing, studio
from subsidies.studio import content as edit
from tests.factories.regions import FieldFactory
from tests.factories.subsidies import Scene
from tests.queries import assert_same_queries
from tests.viewers import client_for, saved, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
PAGES = ("detail", "parameters", "rules", "rule_new", "fields", "bench", "replay", "reach")


@pytest.fixture
def staff():
    return saved(viewer(Duty.HS))


@pytest.fixture
def draft(staff):
    scene = Scene()
    for number, name in enumerate(scene.call.ruleset.content["fields"]):
        if name != scene.field.name:
            FieldFactory(code=f"known-{number}", name=name)
    return studio.copy_version(viewer=staff, version_id=scene.call.ruleset_id)


def settled(page: str, client, grow):
    """Let something grow, and let the menu count anew what waits (it counts once after each event)."""

    def grown() -> None:
        grow()
        client.get(page)

    return grown


def url(name: str, draft: RuleSetVersion, *args: object) -> str:
    return reverse(f"subsidies:studio_{name}", args=[draft.pk, *args])


def as_shown(page: str) -> dict[str, str]:
    """What a browser would post from the text inputs and selects of a page untouched."""
    values = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="text"' in tag or 'type="hidden"' in tag):
            values[name[1]] = value[1].replace("&quot;", '"') if value else ""
    for name, body in re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.S):
        values[name] = body
    for name, body in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        values[name] = chosen[1] if chosen else ""
    return values


def test_saving_a_page_that_nobody_touched_changes_nothing(staff, draft):
    client = client_for(staff)
    page = client.get(url("parameters", draft)).content.decode()
    assert client.post(url("parameters", draft), as_shown(page)).status_code == 302
    draft.refresh_from_db()
    assert (draft.revision, draft.content) == (0, {**draft.based_on.content, "version": 2})


def test_a_number_is_changed_with_its_source_and_the_panel_says_so(staff, draft):
    client = client_for(staff)
    typed = as_shown(client.get(url("parameters", draft)).content.decode())
    typed |= {"v_cap_yen": "1,200万円", "s_cap_yen": "部内の検討"}
    live = client.post(f"{url('parameters', draft)}?check=1", typed).content.decode()
    assert "1,000万円" in live and "1,200万円" in live
    draft.refresh_from_db()
    assert draft.revision == 0, "looking saves nothing"
    client.post(url("parameters", draft), typed)
    draft.refresh_from_db()
    assert draft.content["parameters"]["cap_yen"] == {"value": 12_000_000, "source": "部内の検討"}
    assert rules_of(draft).settings["fy_to"].shown == "令和11年度"


def test_what_cannot_be_read_is_named_and_everything_typed_stays(staff, draft):
    client = client_for(staff)
    typed = as_shown(client.get(url("parameters", draft)).content.decode())
    answer = client.post(url("parameters", draft), typed | {"v_blank_share": "半分", "v_cap_yen": "9,000,000"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "「国の制度を使えない市町村の割合」：割合として読み取れません（「半分」）。例：1/2、30%" in page
    assert as_shown(page)["v_blank_share"] == "半分"
    assert as_shown(page)["v_cap_yen"] == "9,000,000"
    draft.refresh_from_db()
    assert draft.revision == 0


def test_two_people_at_the_table_keep_what_each_typed_and_choose_where_both_did(staff, draft):
    mine, theirs = client_for(staff), client_for(saved(viewer(Duty.HS)))
    first = as_shown(mine.get(url("parameters", draft)).content.decode())
    second = as_shown(theirs.get(url("parameters", draft)).content.decode())
    assert theirs.post(url("parameters", draft), second | {"v_cap_yen": "1200万円"}).status_code == 302
    assert mine.post(url("parameters", draft), first | {"v_max_years": "4"}).status_code == 302
    draft.refresh_from_db()
    assert (rules_of(draft).value("cap_yen"), rules_of(draft).value("max_years")) == (12_000_000, 4)
    clash = mine.post(url("parameters", draft), first | {"v_cap_yen": "1500万円"})
    page = clash.content.decode()
    assert clash.status_code == 422
    assert "12,000,000" in page and "1500万円" in page
    again = as_shown(page) | {"v_cap_yen": "1500万円"}
    assert mine.post(url("parameters", draft), again).status_code == 302
    draft.refresh_from_db()
    assert rules_of(draft).value("cap_yen") == 15_000_000


def test_a_rule_is_added_of_any_kind_changed_and_removed(staff, draft):
    client = client_for(staff)
    page = client.get(f"{url('rule_new', draft)}?kind=decline_flat").content.decode()
    typed = as_shown(page) | {
        "id": "N-13", "title": "人口減少率", "wording": "人口減少率が概ね30％以上であること", "source": "部内の検討",
        "stage": "region", "severity": "block", "f_threshold": "own", "o_threshold": "30%", "f_judge_from": "own",
        "o_judge_from": "27%", "f_target_year": "own", "o_target_year": "2040", "f_mode": "own", "o_mode": "total",
    }  # fmt: skip
    assert client.post(f"{url('rule_new', draft)}?kind=decline_flat", typed).status_code == 302
    draft.refresh_from_db()
    row = rules_of(draft).row("N-13")
    assert (row.kind.name, row.values["mode"], row.wording) == (
        "decline_flat", "total", "人口減少率が概ね30％以上であること",
    )  # fmt: skip
    typed = as_shown(client.get(url("rule", draft, "N-13")).content.decode())
    assert client.post(url("rule", draft, "N-13"), typed | {"title": "人口の減り方"}).status_code == 302
    draft.refresh_from_db()
    assert rules_of(draft).row("N-13").title == "人口の減り方"
    client.post(url("rules", draft), {"act": "remove:N-13", "revision": str(draft.revision)})
    draft.refresh_from_db()
    assert "N-13" not in [place.address for place in edit.places(draft.content)]


def test_a_rule_number_that_is_taken_or_malformed_is_refused(staff, draft):
    client = client_for(staff)
    typed = as_shown(client.get(url("rule", draft, "N-11")).content.decode())
    for number, said in (("N-12", "はもうあります"), ("第1号", "英大文字")):
        answer = client.post(url("rule", draft, "N-11"), typed | {"id": number})
        assert answer.status_code == 422
        assert said in answer.content.decode()


def test_a_part_of_a_combination_is_changed_in_its_place(staff, draft):
    client = client_for(staff)
    typed = as_shown(client.get(url("rule", draft, "N-12.0")).content.decode())
    typed |= {"f_at_least": "own", "o_at_least": "2/3"}
    assert client.post(url("rule", draft, "N-12.0"), typed).status_code == 302
    draft.refresh_from_db()
    part = rules_of(draft).row("N-12").rows[0]
    assert str(part.values["at_least"]) == "2/3"
    assert client.get(url("rule", draft, "N-12.9")).status_code == 404


def test_a_button_pressed_on_an_old_list_does_nothing(staff, draft):
    client = client_for(staff)
    assert client.post(url("rules", draft), {"act": "off:N-11", "revision": "0"}).status_code == 302
    stale = client.post(url("rules", draft), {"act": "off:N-10", "revision": "0"})
    assert stale.status_code == 422
    assert "ほかの人が先に保存しました" in stale.content.decode()
    assert client.post(url("rules", draft), {"act": "paint:N-10", "revision": "1"}).status_code == 404
    draft.refresh_from_db()
    assert [rules_of(draft).row(name).enabled for name in ("N-11", "N-10")] == [False, True]


def test_a_switched_off_rule_is_not_asked_and_not_shown(staff, draft):
    studio.change(
        version_id=draft.pk, viewer=staff, revision=0, title="t", by=lambda base: edit.switched(base, "N-07", on=False)
    )
    proposed = publishing.propose(version_id=draft.pk, viewer=staff, revision=1)
    publishing.publish(version_id=draft.pk, viewer=saved(viewer(Duty.HM)), revision=proposed.revision)
    page = client_for(viewer(Duty.MP)).get(reverse("subsidies:program_detail", args=["successor"]) + "?version=2")
    assert '<tr id="N-07">' not in page.content.decode()
    assert '<tr id="N-06">' in page.content.decode()


def test_the_decider_sees_the_difference_and_publishes_and_a_writer_does_not(staff, draft):
    client = client_for(staff)
    studio.change(
        version_id=draft.pk, viewer=staff, revision=0, title="t",
        by=lambda base: {**base, "parameters": {**base["parameters"], "cap_yen": {"value": 12_000_000}}},
    )  # fmt: skip
    assert client.post(url("act", draft, "propose"), {"revision": "1"}).status_code == 302
    decider = client_for(saved(viewer(Duty.HM)))
    page = decider.get(url("detail", draft)).content.decode()
    assert "1,200万円" in page and "公開する" in page
    assert client.post(url("act", draft, "publish"), {"revision": "2"}).status_code == 403
    both = client_for(saved(viewer(Duty.HS, Duty.HM)))
    assert both.post(url("act", draft, "send-back"), {"reason": ""}).status_code == 422
    assert decider.post(url("act", draft, "publish"), {"revision": "2"}).status_code == 302
    draft.refresh_from_db()
    assert draft.state == "published"
    assert "書き換えられません" in client.get(url("parameters", draft)).content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_asks_as_often_for_many_rules_versions_and_programs_as_for_few(staff, draft, name):
    def grow() -> None:
        for number in range(10):
            studio.create_program(
                viewer=staff, values=studio.ProgramInput(f"p-{number}", f"制度{number}", "略", "目的"),
                from_fy=2030, to_fy=None, based_on=draft.pk,
            )  # fmt: skip
            studio.copy_version(viewer=staff, version_id=draft.pk)
        row = {**draft.content["rules"][5]}
        for number in range(20):
            row = {**row, "id": f"Z-{number}"}
            studio.change(
                version_id=draft.pk, viewer=staff, revision=number, title="t",
                by=lambda base, row=row: edit.with_added(base, row),
            )  # fmt: skip

    client, page = client_for(staff), url(name, draft)
    assert_same_queries(client, page, settled(page, client, grow))


@pytest.mark.parametrize("page", ["program_list", "studio_new"])
def test_the_lists_of_programs_ask_as_often_for_many(staff, draft, page):
    def grow() -> None:
        for number in range(10):
            studio.create_program(
                viewer=staff, values=studio.ProgramInput(f"p-{number}", f"制度{number}", "略", "目的"),
                from_fy=2030, to_fy=None, based_on=draft.pk,
            )  # fmt: skip

    client, address = client_for(staff), reverse(f"subsidies:{page}")
    assert_same_queries(client, address, settled(address, client, grow))


@pytest.mark.parametrize("page", ["detail", "parameters", "bench"])
def test_the_foot_names_the_portals_version_and_not_the_rulesets(staff, draft, page: str):
    text = client_for(staff).get(reverse(f"subsidies:studio_{page}", args=[draft.pk])).content.decode()
    assert f"広域連携ポータル {version()}" in text
