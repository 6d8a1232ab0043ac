"""Registering a new combination of municipalities from the check."""

from django import forms


class NewRegionForm(forms.Form):
    """The name under which the idea is known until its agreement is made."""

    name = forms.CharField(
        label="地域の名称（仮称）",
        max_length=60,
        help_text="例：羊蹄・余市連携地域（仮称）。協定を結ぶときに変えられます",
        widget=forms.TextInput(attrs={"size": 34}),
        error_messages={"required": "地域の名称を入力してください。"},
    )
