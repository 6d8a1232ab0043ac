from django.apps import AppConfig


class RegionsConfig(AppConfig):
    name = "regions"
    verbose_name = "連携地域"
    default_auto_field = "django.db.models.BigAutoField"
