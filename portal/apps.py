from django import forms
from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_migrate


class PortalConfig(AppConfig):
    default = True
    name = "portal"
    verbose_name = "ポータル"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let every form say what to do where a field is empty, and the search index follow its tables."""
        forms.Field.default_error_messages = {"required": "入力してください。"}
        forms.ChoiceField.default_error_messages |= {"required": "選んでください。"}
        forms.ModelChoiceField.default_error_messages |= {"required": "選んでください。"}
        forms.MultipleChoiceField.default_error_messages |= {"required": "選んでください。"}
        forms.BooleanField.default_error_messages = {"required": "確かめて、印を付けてください。"}
        forms.FileField.default_error_messages |= {"required": "添付してください。"}
        post_migrate.connect(_keep_searching, sender=self)


def _keep_searching(using: str, **_: object) -> None:
    """After a migrate: the search index follows its tables again, those too that were made anew."""
    from .finding.index import follow_tables

    if using == DEFAULT_DB_ALIAS:
        follow_tables()


class PortalAdminConfig(admin_apps.AdminConfig):
    """Django's admin with the portal's site in place of the default one."""

    default = False
    default_site = "portal.admin_site.PortalAdminSite"
