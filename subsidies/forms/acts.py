"""What a person gives with an act: a reason, a document number, a confirmation."""

from __future__ import annotations

from typing import Any

from django import forms

from common import files

from ..models import CorrectionRound


class AgreeForm(forms.Form):
    """A member's consent."""

    document_no = forms.CharField(
        label="文書番号", max_length=40, help_text="同意を決裁した文書の番号。例：企第45号", required=False
    )
    note = forms.CharField(label="意見", required=False, widget=forms.Textarea(attrs={"rows": 2}))


class DeclineForm(forms.Form):
    """A member does not consent, or asks for a change."""

    reason = forms.CharField(
        label="同意できない理由・直してほしいこと",
        help_text="代表市町村の企画担当に伝わります",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "理由を入力してください。"},
    )


class ConsultForm(forms.Form):
    """What the towns want to talk about with the bureau."""

    points = forms.CharField(
        label="相談したいこと",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "相談したいことを入力してください。"},
    )


class SubmitForm(forms.Form):
    """The legal act of submitting."""

    document_no = forms.CharField(
        label="申請文書の番号", max_length=40, help_text="代表市町村の文書番号。例：企第102号", required=False
    )
    confirmed = forms.BooleanField(
        label="申請の内容を確かめました。構成市町村を代表して提出します",
        error_messages={"required": "内容を確かめて、チェックを付けてください。"},
    )


class ReasonForm(forms.Form):
    """Taking an application back or withdrawing it."""

    reason = forms.CharField(label="取下げの理由", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    confirmed = forms.BooleanField(
        label="取り下げることを確かめました", error_messages={"required": "確かめて、チェックを付けてください。"}
    )

    def __init__(self, *args: Any, needs_reason: bool = False, asks_reason: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needs_reason
        self.fields["reason"].error_messages["required"] = "受付後の取下げには理由が必要です。"
        if not asks_reason:
            del self.fields["reason"]


class DeclareForm(forms.Form):
    """The planner's statement before the members are asked."""

    declared = forms.BooleanField(
        label="記載した内容に相違ないことを確かめました",
        error_messages={"required": "内容を確かめて、チェックを付けてください。"},
    )


class AttachForm(forms.Form):
    """One paper to attach."""

    label = forms.ChoiceField(label="書類の種類")
    upload = forms.FileField(
        label="ファイル",
        help_text="PDF・Excel（.xlsx）・Word・画像、1つ10MBまで。マクロやパスワードの付いたファイルは使えません",
        error_messages={"required": "ファイルを選んでください。", "empty": "ファイルが空です。"},
    )

    def __init__(self, *args: Any, required_documents: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["label"].choices = [(label, label) for label in [*required_documents, "その他の書類"]]

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        files.check(upload)
        return upload


class AnswerForm(forms.Form):
    """The answers to the items of one correction round."""

    def __init__(self, *args: Any, current: CorrectionRound, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(current.items.all())
        for item in self.items:
            self.fields[f"answer_{item.pk}"] = forms.CharField(
                label=f"項目{item.number}への回答",
                required=False,
                initial=item.answer,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """(item, its field)."""
        return [(item, self[f"answer_{item.pk}"]) for item in self.items]

    @property
    def answers(self) -> dict[int, str]:
        """Answers that differ from what is stored, by item."""
        cleaned = {item.pk: self.cleaned_data[f"answer_{item.pk}"].strip() for item in self.items}
        return {item.pk: cleaned[item.pk] for item in self.items if cleaned[item.pk] != item.answer}
