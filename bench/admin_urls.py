"""The portal's addresses and, beside them, a plain Django admin of applications to measure against."""

from django.contrib import admin
from django.urls import path

from portal import urls
from subsidies.models import Application


class ApplicationAdmin(admin.ModelAdmin):
    """The same columns, filters, search and page length as our list."""

    list_display = (
        "number", "state", "region", "call", "requested_yen", "granted_yen", "submitted_at", "lead_bureau",
        "fail_count", "judge_count",
    )  # fmt: skip
    list_filter = ("fiscal_year", "state", "call__program", "lead_bureau")
    list_select_related = ("region", "call__program", "lead_bureau")
    search_fields = ("number", "region__name", "parts__municipality__name")
    list_per_page = 50


site = admin.AdminSite(name="bench")
site.register(Application, ApplicationAdmin)
urlpatterns = [path("bench-admin/", site.urls), *urls.urlpatterns]
