"""Signing in, changing one's password, the rhythm of one's notices, days on which one is away."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import SetPasswordMixin

from common.form_fields import DayField
from common.models import Notice

from .models import Absence, NoticeRhythm, User


class SignInForm(LoginForm):
    """Username and password; allauth counts the failures."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["login"].label = "利用者名"
        self.fields["password"].label = "パスワード"
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        self.helper = FormHelper()
        self.helper.add_input(Submit("", "サインインする"))


class PasswordForm(SetPasswordMixin, forms.Form):
    """The present password and twice the new one."""

    old_password = forms.CharField(
        label="現在のパスワード",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password1, new_password2 = SetPasswordMixin.create_password_fields(
        label1="新しいパスワード", label2="新しいパスワード（確認）"
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        texts = password_validation.password_validators_help_texts()
        self.fields["new_password1"].help_text = "".join(f"{text.rstrip('。')}。" for text in texts)
        self.fields["new_password2"].help_text = "確認のため、もう一度入力してください。"
        self.helper = FormHelper()
        self.helper.add_input(Submit("", "変更する"))

    def clean_old_password(self) -> str:
        """Refuse whoever does not know the present password."""
        typed = str(self.cleaned_data["old_password"])
        if not self.user.check_password(typed):
            raise forms.ValidationError("現在のパスワードが違います。")
        return typed

    def clean(self) -> dict[str, Any]:
        self.validate_passwords("new_password1", "new_password2")
        self.validate_password_for_user(self.user, "new_password2")
        return super().clean() or {}


class RhythmForm(forms.Form):
    """When the mail with a person's notices comes, and with which of them."""

    mail = forms.ChoiceField(
        label="メールで受け取る", choices=NoticeRhythm.Mail, widget=forms.RadioSelect(attrs={"rows": True})
    )
    hour = forms.TypedChoiceField(
        label="時刻", coerce=int, choices=[(hour, f"{hour}時") for hour in range(6, 21)], help_text="毎日・毎週のとき。"
    )
    weekday = forms.TypedChoiceField(label="曜日", coerce=int, choices=NoticeRhythm.Weekday, help_text="毎週のとき。")
    kinds = forms.MultipleChoiceField(
        label="メールで受け取る種類",
        required=False,
        choices=Notice.Kind,
        widget=forms.CheckboxSelectMultiple(attrs={"rows": True}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("", "保存する"))

    @property
    def chosen(self) -> dict[str, Any]:
        """What `services.choose_rhythm` takes."""
        wanted = set(self.cleaned_data["kinds"])
        unwanted = [kind.value for kind in Notice.Kind if kind.value not in wanted]
        return {name: self.cleaned_data[name] for name in ("mail", "hour", "weekday")} | {"unwanted": unwanted}


class AbsenceForm(forms.Form):
    """Who is away, when, and who stands in. Give the choices: (value, words), the person as "office id:user id"."""

    who = forms.ChoiceField(label="不在の人")
    first_day = DayField(label="最初の日")
    last_day = DayField(label="最後の日")
    reason = forms.ChoiceField(label="理由", choices=Absence.Reason)
    deputy = forms.TypedChoiceField(
        label="代理",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="同じ所属の人から選びます。その期間、不在の人の役割と担当で処理できます。決裁は代決と記録します。",
    )

    def __init__(
        self, people: list[tuple[str, str]], deputies: list[tuple[str, str]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = people  # type: ignore[attr-defined]
        self.fields["deputy"].choices = [("", "代理を置かない"), *deputies]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.add_input(Submit("", "登録する"))

    @property
    def told(self) -> dict[str, Any]:
        """What `services.AbsenceDraft` takes."""
        office, _, person = self.cleaned_data["who"].partition(":")
        named = {name: self.cleaned_data[name] for name in ("first_day", "last_day", "reason")}
        return named | {"office_id": int(office), "user_id": int(person), "deputy_id": self.cleaned_data["deputy"]}
