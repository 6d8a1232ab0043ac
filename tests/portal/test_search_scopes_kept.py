"""The sentence of a scope is kept for a day and a post; what it answers is asked each time."""

from datetime import date

import pytest
from django.test import override_settings

from common.viewer import Duty, Viewer
from municipalities.models import Jurisdiction
from portal.finding import scopes
from portal.models import SearchEntry
from portal.querysets import SearchEntryQuerySet
from portal.search import search_for
from subsidies.models import Application
from tests.factories.municipalities import BureauFactory
from tests.factories.subsidies import Scene
from tests.viewers import viewer

from .world_people import FAR_BUREAU, FAR_TOWN

EVERYBODY = [
    *(viewer(duty) for duty in Duty),
    viewer(Duty.MP, municipality=FAR_TOWN),
    viewer(Duty.BS, bureau=FAR_BUREAU),
]


def kinds(person: Viewer, text: str) -> set[str]:
    return {group.kind for group in search_for(person, text)}


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda person: f"{person.office.code}-{'-'.join(person.duties)}")
def test_the_sentence_kept_finds_what_the_scope_says(person: Viewer, db: None):
    Scene().application("granted")
    search_for(person, "研修")
    for kind, (sql, values) in scopes.scopes_of(person).items():
        kept = SearchEntry.objects.raw(f"SELECT * FROM portal_searchentry WHERE {sql}", values)  # noqa: S608
        asked = SearchEntry.objects.visible_to(person).filter(kind=kind)
        assert {entry.pk for entry in kept} == set(asked.values_list("pk", flat=True)), kind


def test_what_becomes_visible_or_ceases_to_be_is_found_or_not_at_the_next_question(db: None):
    scene = Scene()
    draft, bureau = scene.application("draft"), scene.reviewer()
    assert "application" not in kinds(bureau, draft.number)
    Application.objects.filter(pk=draft.pk).update(state="preconsult")
    assert "application" in kinds(bureau, draft.number)
    Application.objects.filter(pk=draft.pk).update(state="draft")
    assert "application" not in kinds(bureau, draft.number)


def test_another_day_is_another_sentence(db: None):
    scene = Scene()
    application, far = scene.application("granted"), viewer(Duty.BS, bureau=FAR_BUREAU)
    BureauFactory(code=FAR_BUREAU)
    until = Jurisdiction.objects.filter(municipality=application.lead, valid_to=None)
    until.update(valid_to=date(2027, 3, 31))
    Jurisdiction.objects.create(municipality=application.lead, bureau_id=FAR_BUREAU, valid_from=date(2027, 4, 1))
    assert "application" not in kinds(far, application.number)
    with override_settings(DEMO_DATE="2027-04-01"):
        assert "application" in kinds(far, application.number)


def test_a_scope_that_asks_the_database_is_refused(db: None, monkeypatch: pytest.MonkeyPatch):
    scopes._put_together.cache_clear()
    person, sound = viewer(Duty.HS), SearchEntryQuerySet.scopes

    def asking(self: SearchEntryQuerySet, viewer: Viewer):
        Application.objects.exists()
        return sound(self, viewer)

    monkeypatch.setattr(SearchEntryQuerySet, "scopes", asking)
    with pytest.raises(RuntimeError, match="cannot be kept"):
        search_for(person, "研修")
