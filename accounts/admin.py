"""People, offices and posts for the system administrator: what is given and ended reaches the audit chain."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.http import HttpRequest

from common.admin import ReferenceAdmin
from common.viewer import Duty, Viewer

from . import services
from .models import Office, Post, User


class PersonForm(forms.ModelForm):
    """A person, with a first password that the administrator hands over."""

    new_password = forms.CharField(
        label="新しいパスワード",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="本人に渡す最初のパスワード。変えないときは空欄。",
    )

    class Meta:
        model = User
        fields = ["username", "display_name", "email", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password"].help_text += "".join(f"{text.rstrip('。')}。" for text in _password_rules())

    def clean_new_password(self) -> str:
        """Refuse what the password rules refuse."""
        typed = str(self.cleaned_data["new_password"])
        if typed:
            validate_password(typed, self.instance)
        return typed

    def save(self, commit: bool = True) -> User:
        """Save, with the new password where one was typed and an unusable one for a new person without."""
        person: User = super().save(commit=False)
        if self.cleaned_data["new_password"]:
            person.set_password(self.cleaned_data["new_password"])
        elif person.pk is None:
            person.set_unusable_password()
        if commit:
            person.save()
        return person


def _password_rules() -> list[str]:
    return [str(text) for text in password_validators_help_texts()]


@admin.register(User)
class PersonAdmin(ReferenceAdmin):
    form = PersonForm
    list_display = ["username", "display_name", "email", "is_active", "last_login", "is_sample"]
    list_filter = ["is_active", "is_sample"]
    search_fields = ["username", "display_name"]
    secret_fields = ("new_password",)


@admin.register(Office)
class OfficeAdmin(ReferenceAdmin):
    list_display = ["name", "section", "kind", "code"]
    list_filter = ["kind"]
    search_fields = ["name", "section", "code"]


class PostForm(forms.ModelForm):
    """A post: given once, later only ended."""

    class Meta:
        model = Post
        fields = ["user", "office", "duty", "valid_from", "valid_to"]

    def clean(self) -> dict[str, Any]:
        """Refuse what the services refuse."""
        cleaned = super().clean() or {}
        if self.instance.pk:
            last_day = cleaned.get("valid_to")
            if last_day is None:
                self.add_error("valid_to", "終了日を入れてください。")
            elif last_day < self.instance.valid_from:
                self.add_error("valid_to", "終了日は開始日以後にしてください。")
        elif not self.errors:
            asked = {name: cleaned[name] for name in ("user", "office", "valid_from", "valid_to")}
            for problem in services.problems_of_post(duty=Duty(cleaned["duty"]), **asked):
                self.add_error(None, problem)
        return cleaned


@admin.register(Post)
class PostAdmin(ReferenceAdmin):
    form = PostForm
    list_display = ["user", "office", "duty", "valid_from", "valid_to"]
    list_filter = ["duty", "office__kind"]
    search_fields = ["user__username", "user__display_name", "office__name"]
    autocomplete_fields = ["user", "office"]
    list_select_related = ["user", "office"]

    def get_readonly_fields(self, request: HttpRequest, obj: Post | None = None) -> list[str]:
        """Of a post that stands only its end can be changed: what was done in it was done in that office and duty."""
        return ["user", "office", "duty", "valid_from"] if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        """Let the services give or end the post; they write the audit event."""
        viewer: Viewer = request.viewer  # type: ignore[attr-defined]
        if change:
            services.end_post(viewer, post_id=obj.pk, last_day=form.cleaned_data["valid_to"])
            return
        obj.pk = services.give_post(
            viewer,
            user_id=obj.user_id,
            office_id=obj.office_id,
            duty=Duty(obj.duty),
            valid_from=obj.valid_from,
            valid_to=obj.valid_to,
        ).pk
