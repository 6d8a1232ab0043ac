"""Signing in and changing one's password."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import SetPasswordMixin

from .models import User


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
