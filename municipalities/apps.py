from django.apps import AppConfig


class MunicipalitiesConfig(AppConfig):
    name = "municipalities"
    verbose_name = "市町村"
    default_auto_field = "django.db.models.BigAutoField"
