"""A new region; its name, type and lead; the steps of its life; what goes on after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from common.form_fields import DayField
from municipalities.models import Municipality

from ..models import NationalZone, Region
from ..services import RegionDraft
from ..workflow import STEPS, Step
from .base import Form, town_choices


class RegionForm(Form):
    """An idea of the chosen towns; the towns themselves come with the address."""

    name = forms.CharField(
        label="地域の名称", max_length=60, help_text="例：南空知消防連携地域。協定を結ぶときに変えられます"
    )
    lead = forms.ChoiceField(label="代表市町村", help_text="代表市町村を所管する振興局が、主管振興局になります。")
    secretariat = forms.ChoiceField(label="事務局市町村", required=False)
    hub = forms.ChoiceField(label="中心都市", required=False, help_text="中心都市型の場合だけ選びます。")
    start = DayField(label="構成の開始日", help_text="例：令和8年12月1日")
    note = forms.CharField(label="備考", required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, towns: Sequence[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = tuple(town.pk for town in towns)
        self.fields["lead"].choices = town_choices(towns, blank="選択してください")
        self.fields["secretariat"].choices = town_choices(towns, blank="代表市町村と同じ")
        self.fields["hub"].choices = town_choices(towns, blank="なし（フラット型）")

    def draft(self) -> RegionDraft:
        """What was typed, for the service."""
        typed = self.cleaned_data
        return RegionDraft(
            name=typed["name"],
            members=self.members,
            lead=typed["lead"],
            start=typed["start"],
            secretariat=typed["secretariat"],
            hub=typed["hub"],
            note=typed["note"],
        )


class RenameForm(Form):
    """A new name from a day on."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label="新しい名称", max_length=60)
    valid_from = DayField(label="この日から", help_text="例：令和9年4月1日。先の日も指定できます")


class LeadForm(Form):
    """Lead and secretariat among the members of today."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    lead = forms.ChoiceField(label="代表市町村")
    secretariat = forms.ChoiceField(label="事務局市町村")

    def __init__(self, *args: Any, towns: list[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lead", "secretariat"):
            self.fields[name].choices = town_choices(towns)


class TypeForm(Form):
    """Flat, or with one of the members as hub."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    hub = forms.ChoiceField(label="類型と中心都市", required=False)

    def __init__(self, *args: Any, towns: list[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(town.code, f"中心都市型（中心都市：{town.name}）") for town in towns]
        self.fields["hub"].choices = [("", "フラット型"), *choices]


class StateForm(Form):
    """One step in the life of the region, with its day and reason; what goes on after it, for those who keep links."""

    step = forms.TypedChoiceField(
        label="行うこと", coerce=Step, widget=forms.RadioSelect(attrs={"rows": True}),
        error_messages={"required": "行うことを選んでください。"},
    )  # fmt: skip
    on = DayField(label="この日から", help_text="例：令和8年11月30日。将来の日は指定できません")
    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(
        self, *args: Any, steps: Iterable[Step], links: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [(step.value, f"{STEPS[step].does}：{STEPS[step].meaning}") for step in steps]
        if links is not None:
            self.fields |= {
                "zone": _zone_field(links["zones"]),
                "successor": _region_field(links["regions"]),
            }


class LinkForm(Form):
    """In which region or zone this one goes on."""

    zone = forms.ChoiceField()
    successor = forms.ChoiceField()
    continued = forms.BooleanField(
        label="継続とみなす（全道の指標で、同じ連携として1件に数える）", required=False, initial=True
    )
    note = forms.CharField(label="備考", max_length=200, required=False)

    def __init__(self, *args: Any, zones: Iterable[NationalZone], regions: Iterable[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"], self.fields["successor"] = _zone_field(zones), _region_field(regions)


class GroupForm(Form):
    """A sub-group of the members, with the initiatives it looks after."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label="部会の名称", max_length=60, help_text="例：消防部会")
    members = forms.MultipleChoiceField(label="参加市町村", widget=forms.CheckboxSelectMultiple)
    chair = forms.ChoiceField(label="座長の市町村")
    set_up_on = DayField(label="設置日", help_text="例：令和8年11月1日")
    projects = forms.TypedMultipleChoiceField(
        label="受け持つ取組", coerce=int, required=False, widget=forms.CheckboxSelectMultiple(attrs={"rows": True})
    )
    purpose = forms.CharField(label="役割", required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(
        self, *args: Any, towns: Sequence[Municipality], projects: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = town_choices(towns)
        self.fields["chair"].choices = town_choices(towns, blank="選択してください")
        self.fields["projects"].choices = list(projects)
        if not projects:
            del self.fields["projects"]


class DecisionForm(Form):
    """What a sub-group decided."""

    decided_on = DayField(label="決定日", help_text="例：令和8年11月15日")
    title = forms.CharField(label="件名", max_length=100)
    document_no = forms.CharField(label="記録の番号", max_length=60, required=False)
    attended = forms.MultipleChoiceField(label="出席した市町村", widget=forms.CheckboxSelectMultiple)
    text = forms.CharField(label="決定の内容", widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, towns: Sequence[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attended"].choices = town_choices(towns)


class EndForm(Form):
    """A last day and why."""

    ended_on = DayField(label="終了日（この日まで）", help_text="例：令和8年11月30日")
    reason = forms.CharField(label="終了の理由", max_length=200)


class OpinionForm(Form):
    """What an office says about a region it does not lead, or about one of its papers (`papers`: value and label)."""

    about = forms.ChoiceField(label="対象")
    text = forms.CharField(label="意見", widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, papers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = papers  # type: ignore[attr-defined]

    @property
    def draft(self) -> dict[str, Any]:
        """The arguments of `services.comment_region`."""
        kind, _, pk = self.cleaned_data["about"].partition("-")
        paper = {f"{kind}_id": int(pk)} if pk else {}
        return {"text": self.cleaned_data["text"], **paper}


def _zone_field(zones: Iterable[NationalZone]) -> forms.ChoiceField:
    choices = [(zone.pk, zone.name) for zone in zones]
    return forms.ChoiceField(
        label="引き継ぐ国の圏域", required=False, choices=[("", "なし"), *choices], help_text="国制度へ移行するとき"
    )


def _region_field(regions: Iterable[Region]) -> forms.ChoiceField:
    choices = [(region.pk, f"{region.name}（{region.pk}）") for region in regions]
    return forms.ChoiceField(label="引き継ぐ連携地域", required=False, choices=[("", "なし"), *choices])
