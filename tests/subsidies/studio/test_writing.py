"""Drafts of rulesets: who may write them, what a change leaves behind, what two people at once learn."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from common import audit
from common.errors import Conflict, Refused
from common.models import Notice
from common.viewer import Duty
from portal.worklist import items_for
from regions.models import Field
from subsidies.models import Program, RuleSetVersion
from subsidies.rulesets import rules_of
from subsidies.services import publishing, studio
from subsidies.studio import content as edit
from subsidies.studio.waiting import proposals_waiting
from tests.factories.municipalities import PrefectureFactory
from tests.factories.regions import FieldFactory
from tests.factories.subsidies import SERIES, CallFactory, PopulationSeriesFactory, RuleSetVersionFactory
from tests.viewers import saved, viewer

pytestmark = pytest.mark.django_db
State = RuleSetVersion.State


@pytest.fixture
def staff():
    return saved(viewer(Duty.HS))


@pytest.fixture
def decider():
    return saved(viewer(Duty.HM))


@pytest.fixture
def ground():
    """The successor program in public, with the fields and editions that its rules name."""
    version = RuleSetVersionFactory(effective_to_fy=2029)
    for number, name in enumerate(version.content["fields"]):
        FieldFactory(code=f"known-{number}", name=name)
    for code in SERIES:
        PopulationSeriesFactory(code=code)
    return version


def with_cap(yen: int):
    return lambda content: {**content, "parameters": {**content["parameters"], "cap_yen": {"value": yen}}}


def drafted(ground, staff):
    return studio.copy_version(viewer=staff, version_id=ground.pk)


def published(draft, staff, decider):
    proposed = publishing.propose(version_id=draft.pk, viewer=staff, revision=draft.revision)
    return publishing.publish(version_id=draft.pk, viewer=decider, revision=proposed.revision)


def test_a_copy_is_the_next_draft_and_leaves_its_source_as_it_is(ground, staff):
    draft = drafted(ground, staff)
    assert (draft.version, draft.state, draft.based_on) == (2, State.DRAFT, ground)
    studio.change(version_id=draft.pk, viewer=staff, revision=0, title="数", by=with_cap(12_000_000))
    draft.refresh_from_db()
    ground.refresh_from_db()
    assert (rules_of(draft).value("cap_yen"), rules_of(ground).value("cap_yen")) == (12_000_000, 10_000_000)
    assert draft.content["version"] == 2


@pytest.mark.parametrize("duty", [Duty.HM, Duty.SD, Duty.AU])
def test_only_staff_of_headquarters_write(ground, staff, duty):
    draft = drafted(ground, staff)
    other = saved(viewer(duty))
    with pytest.raises(PermissionDenied):
        studio.change(version_id=draft.pk, viewer=other, revision=0, title="数", by=with_cap(1))
    with pytest.raises(PermissionDenied):
        studio.copy_version(viewer=other, version_id=ground.pk)


def test_a_draft_does_not_exist_for_towns_and_bureaus(ground, staff):
    draft = drafted(ground, staff)
    for duty in (Duty.MP, Duty.MA, Duty.BS, Duty.BM):
        assert list(RuleSetVersion.objects.visible_to(viewer(duty))) == [ground]
    assert draft in RuleSetVersion.objects.visible_to(viewer(Duty.HM))


def test_a_program_that_was_never_published_is_known_in_headquarters_alone(ground, staff):
    values = studio.ProgramInput("next-2030", "新しい支援制度", "新制度", "試す")
    draft = studio.create_program(viewer=staff, values=values, from_fy=2030, to_fy=None)
    assert list(Program.objects.visible_to(viewer(Duty.MP)).values_list("pk", flat=True)) == ["successor"]
    assert draft.program in Program.objects.visible_to(staff)
    assert draft.content == {
        "program": "next-2030", "name": "新しい支援制度", "version": 1, "parameters": {}, "fields": [], "rules": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "name"), [("successor", "別の名称"), ("日本", "別の名称"), ("next", "次期広域連携支援制度（例）")]
)
def test_a_program_needs_a_code_and_a_name_of_its_own(ground, staff, code, name):
    with pytest.raises(Refused):
        studio.create_program(
            viewer=staff, values=studio.ProgramInput(code, name, "略", "目的"), from_fy=2030, to_fy=None
        )
    assert Program.objects.count() == 1


def test_the_second_of_two_people_learns_that_the_draft_has_moved_on(ground, staff):
    draft = drafted(ground, staff)
    colleague = saved(viewer(Duty.HS))
    studio.change(version_id=draft.pk, viewer=staff, revision=0, title="数", by=with_cap(12_000_000))
    with pytest.raises(Conflict, match="先に保存しました"):
        studio.change(version_id=draft.pk, viewer=colleague, revision=0, title="数", by=with_cap(15_000_000))
    draft.refresh_from_db()
    assert rules_of(draft).value("cap_yen") == 12_000_000
    assert draft.revision == 1


def test_a_change_is_recorded_in_plain_words_and_no_change_not_at_all(ground, staff):
    draft = drafted(ground, staff)
    studio.change(version_id=draft.pk, viewer=staff, revision=0, title="数と条件を変更", by=with_cap(12_000_000))
    event = audit.timeline(draft, internal=True)[0]
    assert event.after["changes"] == ["上限額：1,000万円 → 1,200万円", "上限額の出典：本システムの設定 → （なし）"]
    before = audit.timeline(draft, internal=True).count()
    studio.change(version_id=draft.pk, viewer=staff, revision=1, title="数と条件を変更", by=lambda content: content)
    assert audit.timeline(draft, internal=True).count() == before


def test_what_waits_for_approval_stands_still(ground, staff):
    draft = drafted(ground, staff)
    publishing.propose(version_id=draft.pk, viewer=staff, revision=0)
    with pytest.raises(Refused, match="書き換えられません"):
        studio.change(version_id=draft.pk, viewer=staff, revision=1, title="数", by=with_cap(1))
    with pytest.raises(Refused, match="書き換えられません"):
        studio.register_field(version_id=draft.pk, viewer=staff, name="水道", group="life")
    publishing.take_back(version_id=draft.pk, viewer=staff)
    studio.change(version_id=draft.pk, viewer=staff, revision=2, title="数", by=with_cap(12_000_000))


def test_whoever_has_written_in_it_does_not_publish_it(ground, staff, decider):
    both = saved(viewer(Duty.HS, Duty.HM))
    draft = drafted(ground, staff)
    studio.change(version_id=draft.pk, viewer=both, revision=0, title="数", by=with_cap(12_000_000))
    publishing.propose(version_id=draft.pk, viewer=staff, revision=1)
    with pytest.raises(Refused, match="作成した人は公開できません"):
        publishing.publish(version_id=draft.pk, viewer=both, revision=2)
    with pytest.raises(PermissionDenied):
        publishing.publish(version_id=draft.pk, viewer=staff, revision=2)
    done = publishing.publish(version_id=draft.pk, viewer=decider, revision=2)
    assert (done.state, done.published_by_id) == (State.PUBLISHED, decider.user_id)


def test_the_decider_publishes_what_she_saw(ground, staff, decider):
    draft = drafted(ground, staff)
    publishing.propose(version_id=draft.pk, viewer=staff, revision=0)
    publishing.take_back(version_id=draft.pk, viewer=staff)
    studio.change(version_id=draft.pk, viewer=staff, revision=2, title="数", by=with_cap(90_000_000))
    publishing.propose(version_id=draft.pk, viewer=staff, revision=3)
    with pytest.raises(Conflict):
        publishing.publish(version_id=draft.pk, viewer=decider, revision=1)


def test_a_published_version_never_changes_and_only_an_unused_one_is_withdrawn(ground, staff, decider):
    done = published(drafted(ground, staff), staff, decider)
    with pytest.raises(Refused, match="書き換えられません"):
        studio.change(version_id=done.pk, viewer=staff, revision=done.revision, title="数", by=with_cap(1))
    with pytest.raises(Refused):
        studio.set_basics(version_id=done.pk, viewer=staff, revision=done.revision, from_fy=2026, to_fy=None, note="")
    call = CallFactory(ruleset=done)
    with pytest.raises(Refused, match="募集がある"):
        publishing.withdraw(version_id=done.pk, viewer=decider, reason="誤り")
    call.delete()
    with pytest.raises(Refused, match="理由"):
        publishing.withdraw(version_id=done.pk, viewer=decider, reason=" ")
    assert publishing.withdraw(version_id=done.pk, viewer=decider, reason="誤り").state == State.WITHDRAWN


def test_nothing_that_cannot_be_used_is_ever_proposed(ground, staff):
    draft = drafted(ground, staff)

    def spoiled(content):
        table = {name: entry for name, entry in content["parameters"].items() if name != "cap_yen"}
        return {**content, "parameters": table}

    studio.change(version_id=draft.pk, viewer=staff, revision=0, title="数", by=spoiled)
    with pytest.raises(Refused) as refused:
        publishing.propose(version_id=draft.pk, viewer=staff, revision=1)
    assert "数と条件の「上限額」が未入力です。" in refused.value.problems
    assert any("要件「N-02」の「cap」" in problem for problem in refused.value.problems)
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_a_field_is_registered_once_and_at_once_eligible(ground, staff):
    draft = drafted(ground, staff)
    studio.register_field(version_id=draft.pk, viewer=staff, name="水道", group="life")
    draft.refresh_from_db()
    assert draft.content["fields"][-1] == "水道"
    assert Field.objects.get(name="水道").group == "life"
    with pytest.raises(Refused, match="もう登録されています"):
        studio.register_field(version_id=draft.pk, viewer=staff, name="水道", group="life")
    with pytest.raises(Refused, match="区分"):
        studio.register_field(version_id=draft.pk, viewer=staff, name="下水道", group="other")


def test_a_draft_given_up_stays_on_record_but_is_nobody_elses_business(ground, staff):
    draft = drafted(ground, staff)
    gone = publishing.give_up(version_id=draft.pk, viewer=staff, revision=0, reason="見送り")
    assert gone.state == State.WITHDRAWN
    assert gone not in RuleSetVersion.objects.visible_to(viewer(Duty.MP))
    assert drafted(ground, staff).version == 3


def test_a_whole_program_is_built_from_nothing(ground, staff, decider):
    """Every row and number of the successor example, put into an empty draft, gives a program that can be published."""
    PrefectureFactory(code="01")
    values = studio.ProgramInput("from-nothing", "空からの制度", "空から", "試す")
    draft = studio.create_program(viewer=staff, values=values, from_fy=2025, to_fy=2029)
    assert publishing.problems_of(draft)
    steps = [lambda content: {**content, "parameters": ground.content["parameters"]}]
    steps += [lambda content: {**content, "fields": ground.content["fields"]}]
    steps += [lambda content, row=row: edit.with_added(content, row) for row in ground.content["rules"]]
    for number, step in enumerate(steps):
        studio.change(version_id=draft.pk, viewer=staff, revision=number, title="手順", by=step)
    draft.refresh_from_db()
    assert publishing.problems_of(draft) == []
    assert published(draft, staff, decider).state == State.PUBLISHED


def test_a_proposal_waits_for_the_decider_and_not_for_who_wrote_it(ground, staff, decider):
    draft = drafted(ground, staff)
    studio.change(version_id=draft.pk, viewer=staff, revision=0, title="数", by=with_cap(12_000_000))
    publishing.propose(version_id=draft.pk, viewer=staff, revision=1)
    (item,) = proposals_waiting(decider)
    assert (item.label, item.title, item.url) == ("要決裁", ground.program.name, f"/studio/{draft.pk}/")
    assert item in items_for(decider)
    told = Notice.objects.get(title__startswith="ルールの公開が起案されました")
    assert (told.office_key, told.duties) == (decider.office.key, "HM")
    assert proposals_waiting(staff) == []
    draft.writers.add(decider.user_id)
    assert proposals_waiting(decider) == []
