"""An agreement in the parts that are saved one by one, and the short forms of its acts."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from common.form_fields import DayField, FigureField
from common.merging import Typed
from common.part_forms import Grid, Problem, StepForm
from municipalities.models import Municipality

from ..models import Agreement, AgreementArticle, AgreementInitiative, CostMethod, Project
from ..services import AgreementDraft, ArticleDraft, InitiativeEntry
from ..services.agreements import template_of
from .base import Form, TownNames, field_choices, town_choices

LINE = 42  # characters in a line of the box
PERCENT_STEPS = 100  # hundredths in one percent


class AgreementForm(Form):
    """Who is bound by an agreement, for what and how long."""

    title = forms.CharField(label="題名", max_length=120, help_text="例：○○連携地域における連携に関する協定")
    parties = forms.MultipleChoiceField(label="当事者（いまの構成市町村）", widget=forms.CheckboxSelectMultiple)
    fields_covered = forms.MultipleChoiceField(
        label="対象分野", widget=forms.CheckboxSelectMultiple, required=False,
        help_text="選ばない場合は、すべての分野を対象とする協定です。",
    )  # fmt: skip
    framework = forms.BooleanField(label="大枠の協定とし、個々の取組は部会で決める", required=False)
    in_force_on = DayField(
        label="効力発生日", required=False, help_text="空欄の場合は、最後の市町村が同意した日に効力が生じます。"
    )
    valid_until = DayField(
        label="有効期間の最終日", required=False, help_text="空欄の場合は、期間を定めない協定です。例：令和13年3月31日"
    )
    witness = forms.CharField(
        label="立会人",
        max_length=120,
        required=False,
        help_text="例：北海道空知総合振興局長。いない場合は空欄にします。",
    )

    def __init__(self, *args: Any, towns: list[Municipality], prefecture: str, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parties"].choices = town_choices(towns)
        self.fields["newcomers"] = TownNames(
            label="新たに加わる市町村", required=False, prefecture=prefecture, on=on,
            help_text="市町村名か団体コードを「、」で区切って入力します。",
        )  # fmt: skip
        self.fields["fields_covered"].choices = field_choices()
        self.order_fields(["title", "parties", "newcomers"])

    @classmethod
    def initial_of(cls, agreement: Agreement, members: list[str]) -> dict[str, Any]:
        """What the form shows of a version that is there already."""
        parties = list(agreement.consents.order_by("municipality").values_list("municipality", "municipality__name"))
        plain = ("title", "witness", "framework", "in_force_on", "valid_until")
        return {name: getattr(agreement, name) for name in plain} | {
            "parties": [code for code, _ in parties if code in members],
            "newcomers": "、".join(name for code, name in parties if code not in members),
            "fields_covered": list(agreement.fields.values_list("pk", flat=True)),
        }

    def draft(self) -> AgreementDraft:
        """What was typed, for the service."""
        typed = dict(self.cleaned_data)
        parties = dict.fromkeys([*typed.pop("parties"), *typed.pop("newcomers")])
        return AgreementDraft(fields=tuple(typed.pop("fields_covered")), parties=tuple(parties), **typed)


class FramePart(StepForm):
    """当事者と期間."""

    sets = ("parties", "fields_covered")

    def __init__(self, agreement: Agreement, towns: list[Municipality], on: date, data: QueryDict | None) -> None:
        initial = AgreementForm.initial_of(agreement, [town.pk for town in towns])
        prefecture = agreement.region.prefecture_id
        self.frame = AgreementForm(data, towns=towns, prefecture=prefecture, on=on, initial=initial)

    def parts(self) -> tuple[forms.Form | Grid, ...]:
        return (self.frame,)


class ArticlesForm(Form):
    """Every article by its key: `heading-purpose`, `text-purpose`; `order` names the keys in their order."""

    def __init__(self, *args: Any, keys: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = keys
        self.fields["order"] = forms.CharField(label="条の順序", widget=forms.HiddenInput, required=False)
        told = self.data if self.is_bound else self.initial
        for number, key in enumerate(keys, 1):
            self.fields[f"heading-{key}"] = forms.CharField(label=f"第{number}条の見出し", max_length=60)
            rows = {"rows": _height(str(told.get(f"text-{key}", ""))), "cols": 60}
            self.fields[f"text-{key}"] = forms.CharField(
                label=f"第{number}条の条文", widget=forms.Textarea(attrs=rows), required=False
            )

    def drafts(self) -> list[ArticleDraft]:
        """What was typed, for the service."""
        typed = self.cleaned_data
        return [ArticleDraft(key, typed[f"heading-{key}"], typed[f"text-{key}"]) for key in self.keys]


class ArticlesPart(StepForm):
    """条文. `rows` are what the page draws: key, both fields, and whether the template words the article."""

    def __init__(self, agreement: Agreement, data: QueryDict | None) -> None:
        saved = list(agreement.articles.all())
        self.template = template_of(agreement)
        order = ",".join(row.key for row in saved)
        if data is not None:
            order = data.get("order", "")
        initial = {"order": order}
        for row in saved:
            initial |= {f"heading-{row.key}": row.heading, f"text-{row.key}": row.text}
        keys = [key for key in dict.fromkeys(order.split(",")) if key]
        self.form = ArticlesForm(data, keys=keys, initial=initial)

    def parts(self) -> tuple[forms.Form | Grid, ...]:
        return (self.form,)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The articles in their order."""
        found = []
        for number, key in enumerate(self.form.keys, 1):
            text = self.form[f"text-{key}"]
            worded = self.template.get(key)
            found.append(
                {
                    "key": key,
                    "number": number,
                    "heading": self.form[f"heading-{key}"],
                    "text": text,
                    "known": key in AgreementArticle.Key.values,
                    "from_template": worded is not None,
                    "edited": worded is not None and _lines(text.value()) != worded.text,
                    "first": number == 1,
                    "last": number == len(self.form.keys),
                }
            )
        return found

    @property
    def missing(self) -> list[dict[str, str]]:
        """Articles of the template that the draft has not."""
        return [{"key": key, "heading": row.heading} for key, row in self.template.items() if key not in self.form.keys]

    def pressed(self, typed: Typed, button: str) -> Typed:
        """The texts after a button: add, add:KEY, remove:KEY, up:KEY, down:KEY, reset:KEY."""
        act, _, key = button.partition(":")
        keys = [one for one in (typed.get("order") or [""])[0].split(",") if one]
        if act == "add":
            worded = self.template.get(key)
            key = key if worded and key not in keys else f"x{secrets.token_hex(3)}"
            keys.append(key)
            typed[f"heading-{key}"] = [worded.heading if worded else "新しい条"]
            typed |= {f"text-{key}": [worded.text]} if worded else {}
        elif act == "remove" and key in keys:
            keys.remove(key)
            typed = {name: texts for name, texts in typed.items() if name not in (f"heading-{key}", f"text-{key}")}
        elif act == "reset" and key in self.template:
            typed |= {f"heading-{key}": [self.template[key].heading], f"text-{key}": [self.template[key].text]}
        elif act in ("up", "down") and key in keys:
            at = keys.index(key)
            to = max(0, at - 1) if act == "up" else min(len(keys) - 1, at + 1)
            keys.insert(to, keys.pop(at))
        return typed | {"order": [",".join(keys)]}


class InitiativeForm(Form):
    """One row of the annexed table; `role-014281` is what 長沼町 does."""

    project = forms.TypedChoiceField(
        label="登録済みの取組から選ぶ", required=False, coerce=int, empty_value=None,
        help_text="選ぶと、名称を空欄にしたときはその取組の名称になります。",
    )  # fmt: skip
    name = forms.CharField(
        label="名称", max_length=120, required=False, help_text="登録がない取組は、ここに名称を書きます。"
    )
    fields_covered = forms.MultipleChoiceField(label="分野", widget=forms.CheckboxSelectMultiple, required=False)
    secretariat = forms.ChoiceField(label="事務局", required=False)
    outline = forms.CharField(label="内容", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    common_role = forms.CharField(
        label="共通の役割", widget=forms.Textarea(attrs={"rows": 2}), required=False,
        help_text="下の表で役割を書かない団体が担うことを書きます。",
    )  # fmt: skip

    def __init__(self, *args: Any, towns: list[Municipality], projects: list[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.towns = towns
        self.fields["project"].choices = [("", "選択しない（新しい取組）"), *((row.pk, row.name) for row in projects)]
        self.fields["fields_covered"].choices = field_choices()
        self.fields["secretariat"].choices = town_choices(towns, blank="定めない")
        for town in towns:
            self.fields[f"role-{town.pk}"] = forms.CharField(
                label=f"{town.name}の役割", widget=forms.Textarea(attrs={"rows": 1}), required=False
            )

    @property
    def roles(self) -> list[Any]:
        """The fields of the roles, town by town."""
        return [self[f"role-{town.pk}"] for town in self.towns]

    @property
    def plain(self) -> list[Any]:
        """All other fields."""
        return [bound for bound in self if not bound.name.startswith("role-")]

    def entry(self) -> InitiativeEntry:
        """What was typed, for the service."""
        typed = dict(self.cleaned_data)
        roles = {town.pk: typed.pop(f"role-{town.pk}") for town in self.towns}
        return InitiativeEntry(fields=tuple(typed.pop("fields_covered")), roles=roles, **typed)


class InitiativePart(StepForm):
    """別表の取組 1つ."""

    sets = ("fields_covered",)

    def __init__(
        self,
        row: AgreementInitiative | None,
        towns: list[Municipality],
        projects: list[Project],
        data: QueryDict | None,
    ) -> None:
        initial: dict[str, Any] = {}
        if row is not None:
            initial = {
                "project": row.project_id, "name": row.name, "secretariat": row.secretariat_id,
                "outline": row.outline, "common_role": row.common_role,
                "fields_covered": list(row.fields.values_list("pk", flat=True)),
            } | {f"role-{role.municipality_id}": role.text for role in row.roles.all()}  # fmt: skip
        self.form = InitiativeForm(data, towns=towns, projects=projects, initial=initial)

    def parts(self) -> tuple[forms.Form | Grid, ...]:
        return (self.form,)

    def further_problems(self) -> Iterator[Problem]:
        """A row has a name, its own or that of a registered initiative."""
        typed = getattr(self.form, "cleaned_data", {})
        if not self.form.errors and not typed.get("project") and not typed.get("name"):
            yield Problem("取組を選ぶか、名称を入力してください。", self.form["name"].id_for_label, "name")


class CostsForm(Form):
    """How costs are split; `share-014281` is the fixed share of 長沼町 in percent."""

    method = forms.ChoiceField(label="負担割合の決め方", choices=CostMethod, widget=forms.RadioSelect)
    equal = FigureField(
        label="均等割の割合（％）",
        required=False,
        at_least=0,
        places=2,
        help_text="「均等割と人口割の併用」のときだけ使います。残りが人口割です。",
    )

    def __init__(self, *args: Any, towns: list[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.towns = towns
        for town in towns:
            self.fields[f"share-{town.pk}"] = FigureField(
                label=f"{town.name}の割合（％）", required=False, at_least=0, places=2
            )

    @property
    def shares(self) -> list[Any]:
        """The fields of the fixed shares, town by town."""
        return [self[f"share-{town.pk}"] for town in self.towns]

    def values(self) -> dict[str, Any]:
        """What was typed, for the service: hundredths of a percent."""
        typed = self.cleaned_data
        shares = {town.pk: typed[f"share-{town.pk}"] for town in self.towns}
        return {
            "method": typed["method"],
            "equal_bp": 5000 if typed["equal"] is None else int(typed["equal"] * PERCENT_STEPS),
            "shares": {code: int(share * PERCENT_STEPS) for code, share in shares.items() if share is not None},
        }


class CostsPart(StepForm):
    """費用負担."""

    def __init__(self, agreement: Agreement, towns: list[Municipality], data: QueryDict | None) -> None:
        own = dict(agreement.consents.values_list("municipality", "share_bp"))
        initial = {"method": agreement.cost_method, "equal": _percent(agreement.cost_equal_bp)}
        initial |= {f"share-{code}": _percent(share) for code, share in own.items() if share is not None}
        self.form = CostsForm(data, towns=towns, initial=initial)

    def parts(self) -> tuple[forms.Form | Grid, ...]:
        return (self.form,)


class AmendForm(Form):
    """Who joins and who leaves by an amendment, and from which day."""

    leavers = forms.MultipleChoiceField(label="脱退する市町村", widget=forms.CheckboxSelectMultiple, required=False)
    in_force_on = DayField(
        label="改定の効力発生日", required=False,
        help_text="加入はこの日から、脱退はこの日の前日までです。空欄の場合は、最後の市町村が同意した日です。",
    )  # fmt: skip

    def __init__(self, *args: Any, towns: list[Municipality], prefecture: str, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leavers"].choices = town_choices(towns)
        self.fields["joiners"] = TownNames(
            label="新たに加入する市町村", required=False, prefecture=prefecture, on=on,
            help_text="市町村名か団体コードを「、」で区切って入力します。加入・脱退がなければ空欄のままにします。",
        )  # fmt: skip
        self.order_fields(["joiners", "leavers"])


class AskForm(Form):
    """The wished day of the answer."""

    answer_by = DayField(label="回答の期限", required=False, help_text="期限の前と当日、過ぎた後に自動で督促します。")


class ConsentForm(Form):
    """The consent of one's own municipality."""

    agreed_on = DayField(label="同意日", help_text="例：令和8年11月20日")
    document_no = forms.CharField(label="文書番号", max_length=40, help_text="例：長企第123号")
    needs_council = forms.BooleanField(label="議会の議決を要する", required=False)
    council_resolved_on = DayField(
        label="議決日", required=False, help_text="議決がまだの場合は空欄のまま記録します（議決待ちになります）。"
    )


class ReasonForm(Form):
    """A reason in words."""

    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 3}))


class AgreementEndForm(ReasonForm):
    """The last day of an agreement, and why it ends."""

    ended_on = DayField(label="効力の最終日", help_text="例：令和9年3月31日")
    field_order = ("ended_on", "reason")


class SignedCopyForm(Form):
    """A scan of the signed agreement."""

    upload = forms.FileField(label="署名済みの協定書の写し", help_text="PDFまたは画像（PNG・JPEG）。")


class DayForm(Form):
    """A day: of adoption, of receipt."""

    day = DayField(label="日")

    def __init__(self, *args: Any, label: str = "日", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label = label


def _percent(share_bp: int) -> str:
    whole, rest = divmod(share_bp, PERCENT_STEPS)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".") if rest else str(whole)


def _height(text: str) -> int:
    """Lines that the text takes in its box, and one to go on."""
    return 1 + max(2, sum(1 + len(line) // LINE for line in text.splitlines()))


def _lines(text: Any) -> str:
    return "\n".join(line.rstrip() for line in str(text or "").strip().splitlines())
