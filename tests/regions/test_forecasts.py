"""Stored forecasts: who makes them, who knows them, what two people at once lose (nothing)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from common import audit
from common.documents import Head, freeze
from common.errors import Conflict, Refused
from common.models import Notice
from common.viewer import Duty, Viewer
from municipalities.models import Municipality
from portal.forecast_paper import paper_of
from regions.models import FutureForecast
from regions.services import (
    ForecastDraft,
    IssueDraft,
    agree_forecast,
    comment_forecast,
    create_forecast,
    revise_forecast,
    show_forecast,
    update_forecast,
)
from tests.factories.municipalities import BureauFactory, MunicipalityFactory, people, series
from tests.viewers import saved, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def nemuro() -> list[Municipality]:
    bureau = BureauFactory(code="nemuro", name="根室振興局")
    towns = [
        MunicipalityFactory(code=code, name=name, bureau=bureau)
        for code, name in (("012238", "根室市"), ("016918", "別海町"), ("016926", "中標津町"))
    ]
    for code in ("census", "ipss_h30", "ipss_r5"):
        series(code)
    for town in towns:
        people(town, "census", 2020, 100, 500, 400)
        people(town, "ipss_r5", 2020, 100, 500, 400)
        people(town, "ipss_r5", 2040, 50, 250, 300)
    return towns


def who(duty: Duty, town: str = "012238", bureau: str = "nemuro") -> Viewer:
    return saved(viewer(duty, municipality=town, bureau=bureau))


def draft(towns: list[Municipality], *, owners: int = 1, **more: Any) -> ForecastDraft:
    codes = tuple(town.pk for town in towns)
    return ForecastDraft(
        **{"title": "根室の未来", "towns": codes, "owners": codes[:owners], "series": "ipss_r5"} | more
    )


def published(towns: list[Municipality]) -> FutureForecast:
    made = create_forecast(draft(towns), viewer=who(Duty.MP))
    return agree_forecast(made.pk, revision=1, paper=paper_of, viewer=who(Duty.MA))


class TestMaking:
    @pytest.mark.parametrize("duty", [Duty.MP, Duty.MF])
    def test_planners_and_field_officers_write_it(self, duty: Duty, nemuro: list[Municipality]):
        issues = (IssueDraft("通院の足", next_step="バスの再編"),)
        made = create_forecast(draft(nemuro, remarks="冬の道が長い。", issues=issues), viewer=who(duty))
        assert (made.state, made.edition, made.lead_id) == ("draft", 1, "012238")
        assert [row.municipality_id for row in made.owners.all()] == ["012238"]
        assert [(row.number, row.issue, row.next_step) for row in made.issues.all()] == [(1, "通院の足", "バスの再編")]
        assert audit.timeline(made, internal=True).first().action == "forecast.create"

    @pytest.mark.parametrize("duty", [Duty.MA, Duty.BS, Duty.HS, Duty.OB])
    def test_nobody_else_does(self, duty: Duty, nemuro: list[Municipality]):
        with pytest.raises(PermissionDenied):
            create_forecast(draft(nemuro), viewer=who(duty))

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"title": " "}, "題名を入力してください。"),
            ({"towns": ()}, "対象の市町村を1つ以上選んでください。"),
            ({"towns": ("012238", "999999")}, "登録されていない市町村が含まれています。"),
            ({"towns": ("016918",), "owners": ("016918",)}, "自らの市町村"),
            ({"owners": ("012238", "011002")}, "作成市町村は、対象の市町村から選んでください。"),
            ({"series": "census"}, "将来推計の版を1つ選んでください。"),
            ({"series": "ipss_h30,ipss_r5"}, "将来推計の版を1つ選んでください。"),
            ({"issues": (IssueDraft(" "),)}, "優先課題を入力してください。"),
            ({"issues": (IssueDraft("通院", field="nowhere"),)}, "登録されていない分野が含まれています。"),
        ],
    )
    def test_what_cannot_be_stored_is_refused(self, change: dict[str, Any], message: str, nemuro: list[Municipality]):
        with pytest.raises(Refused, match=message):
            create_forecast(replace(draft(nemuro), **change), viewer=who(Duty.MP))
        assert not FutureForecast.objects.exists()

    def test_joint_owners_write_it_too_and_others_do_not_know_it(self, nemuro: list[Municipality]):
        made = create_forecast(draft(nemuro, owners=2), viewer=who(Duty.MP))
        changed = update_forecast(
            made.pk, draft(nemuro, owners=2, remarks="別海から"), revision=1, viewer=who(Duty.MF, "016918")
        )
        assert (changed.remarks, changed.revision) == ("別海から", 2)
        with pytest.raises(FutureForecast.DoesNotExist):
            update_forecast(made.pk, draft(nemuro), revision=2, viewer=who(Duty.MP, "016926"))

    def test_who_saves_second_upon_an_old_reading_changes_nothing(self, nemuro: list[Municipality]):
        made = create_forecast(draft(nemuro), viewer=who(Duty.MP))
        update_forecast(made.pk, draft(nemuro, remarks="先の言葉"), revision=1, viewer=who(Duty.MP))
        with pytest.raises(Conflict, match="ほかの人がこの未来予測を更新しました"):
            update_forecast(made.pk, draft(nemuro, remarks="後の言葉"), revision=1, viewer=who(Duty.MF))
        made.refresh_from_db()
        assert (made.remarks, made.revision) == ("先の言葉", 2)
        update_forecast(made.pk, draft(nemuro, remarks="先の言葉と後の言葉"), revision=2, viewer=who(Duty.MF))


class TestVisibility:
    @pytest.mark.parametrize(
        ("person", "draft_seen", "shown_seen"),
        [
            ((Duty.MP, "012238"), True, True),
            ((Duty.MA, "012238"), True, True),
            ((Duty.MP, "016918"), False, False),
            ((Duty.HS, ""), True, True),
            ((Duty.AU, ""), True, True),
            ((Duty.OB, ""), False, False),
        ],
    )
    def test_a_draft_is_known_to_its_makers_and_headquarters(
        self, person: tuple[Duty, str], draft_seen: bool, shown_seen: bool, nemuro: list[Municipality]
    ):
        made = create_forecast(draft(nemuro), viewer=who(Duty.MP))
        reader = who(person[0], person[1] or "012238")
        assert FutureForecast.objects.visible_to(reader).exists() == draft_seen
        show_forecast(made.pk, viewer=who(Duty.MP))
        assert FutureForecast.objects.visible_to(reader).exists() == shown_seen

    def test_the_bureau_knows_a_draft_once_it_is_shown_to_it_and_no_other_bureau(self, nemuro: list[Municipality]):
        BureauFactory(code="sorachi")
        made = create_forecast(draft(nemuro), viewer=who(Duty.MP))
        own, other = who(Duty.BS), who(Duty.BS, bureau="sorachi")
        assert not FutureForecast.objects.visible_to(own).exists()
        show_forecast(made.pk, viewer=who(Duty.MP))
        assert FutureForecast.objects.visible_to(own).exists()
        assert not FutureForecast.objects.visible_to(other).exists()
        assert Notice.objects.filter(office_key="bureau:nemuro", duties="BS").exists()
        with pytest.raises(Refused, match="すでに"):
            show_forecast(made.pk, viewer=who(Duty.MP))

    @pytest.mark.parametrize("duty", [Duty.MP, Duty.MF, Duty.BS, Duty.BM, Duty.HS, Duty.SD, Duty.OB])
    def test_a_published_one_is_known_to_all(self, duty: Duty, nemuro: list[Municipality]):
        published(nemuro)
        assert FutureForecast.objects.visible_to(who(duty, "016926", "sorachi")).exists()

    def test_a_comment_is_told_to_the_owners(self, nemuro: list[Municipality]):
        made = create_forecast(draft(nemuro, owners=2), viewer=who(Duty.MP))
        show_forecast(made.pk, viewer=who(Duty.MP))
        comment_forecast(made.pk, " 職員数も見てください。 ", viewer=who(Duty.BS))
        assert [(row.office, row.text) for row in made.comments.all()] == [("根室振興局", "職員数も見てください。")]
        told = set(Notice.objects.filter(title__contains="意見がありました").values_list("office_key", flat=True))
        assert told == {"municipality:012238", "municipality:016918"}
        with pytest.raises(Refused, match="意見を入力"):
            comment_forecast(made.pk, "  ", viewer=who(Duty.BS))
        for duty in (Duty.BM, Duty.HS, Duty.MP):
            with pytest.raises(PermissionDenied):
                comment_forecast(made.pk, "意見", viewer=who(duty))


class TestPublication:
    def test_the_approver_publishes_and_the_figures_stay_as_on_that_day(self, nemuro: list[Municipality]):
        made = published(nemuro)
        assert made.state == "published"
        assert made.document is not None
        assert made.document.kind == "D-33"
        assert made.document.number is None, "a working paper bears no number"
        assert made.document.snapshot["together"]["base"] == 3_000
        people(nemuro[0], "ipss_r5", 2050, 1, 1, 1)
        made.document.refresh_from_db()
        assert made.document.snapshot["together"]["target"] == 1_800
        with pytest.raises(Refused, match="公表した未来予測は変えられません"):
            update_forecast(made.pk, draft(nemuro), revision=1, viewer=who(Duty.MP))

    @pytest.mark.parametrize("duty", [Duty.MP, Duty.MF])
    def test_writing_is_not_publishing(self, duty: Duty, nemuro: list[Municipality]):
        made = create_forecast(draft(nemuro), viewer=who(Duty.MP))
        with pytest.raises(PermissionDenied):
            agree_forecast(made.pk, revision=1, paper=paper_of, viewer=who(duty))

    def test_a_joint_one_is_published_with_the_last_agreement(self, nemuro: list[Municipality]):
        made = create_forecast(draft(nemuro, owners=2), viewer=who(Duty.MP))
        first = agree_forecast(made.pk, revision=1, paper=paper_of, viewer=who(Duty.MA))
        assert first.is_draft
        assert FutureForecast.objects.awaiting("016918").exists()
        assert not FutureForecast.objects.awaiting("012238").exists()
        assert Notice.objects.filter(office_key="municipality:016918", duties="MA").exists()
        with pytest.raises(Refused, match="すでに公表に同意"):
            agree_forecast(made.pk, revision=1, paper=paper_of, viewer=who(Duty.MA))
        last = agree_forecast(made.pk, revision=1, paper=paper_of, viewer=who(Duty.MA, "016918"))
        assert not last.is_draft

    def test_a_change_takes_the_agreements_back(self, nemuro: list[Municipality]):
        made = create_forecast(draft(nemuro, owners=2), viewer=who(Duty.MP))
        agree_forecast(made.pk, revision=1, paper=paper_of, viewer=who(Duty.MA))
        update_forecast(made.pk, draft(nemuro, owners=2, remarks="改めた"), revision=1, viewer=who(Duty.MP, "016918"))
        assert not made.owners.filter(agreed_at__isnull=False).exists()
        with pytest.raises(Conflict, match="確認したあとに内容が変わりました"):
            agree_forecast(made.pk, revision=1, paper=paper_of, viewer=who(Duty.MA))

    def test_what_cannot_be_printed_is_not_published(self, nemuro: list[Municipality]):
        made = create_forecast(draft(nemuro), viewer=who(Duty.MP))
        broken = freeze(Head(title="x", heading=("x",)))
        with pytest.raises(Refused):
            agree_forecast(made.pk, revision=1, paper=lambda row: {"head": broken}, viewer=who(Duty.MA))
        made.refresh_from_db()
        assert made.is_draft
        assert not made.owners.filter(agreed_at__isnull=False).exists()

    def test_the_next_edition_begins_as_a_copy_and_leaves_the_published_one(self, nemuro: list[Municipality]):
        old = published(nemuro)
        new = revise_forecast(old.pk, viewer=who(Duty.MP))
        assert (new.edition, new.previous_id, new.state, new.title) == (2, old.pk, "draft", old.title)
        old.refresh_from_db()
        assert old.state == "published"
        with pytest.raises(Refused, match="次の版がすでに"):
            revise_forecast(old.pk, viewer=who(Duty.MP))
        with pytest.raises(Refused, match="作成中"):
            revise_forecast(new.pk, viewer=who(Duty.MP))


@pytest.mark.parametrize(
    "broken",
    [{"edition": 2}, {"state": "published"}, {"published_on": "2026-04-01"}],
    ids=["second without a first", "published without its paper", "day without publication"],
)
def test_the_rows_keep_their_promises(broken: dict[str, Any], nemuro: list[Municipality]):
    made = create_forecast(draft(nemuro), viewer=who(Duty.MP))
    with pytest.raises(IntegrityError), transaction.atomic():
        FutureForecast.objects.filter(pk=made.pk).update(**broken)
