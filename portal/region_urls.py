"""The namespace `regions`: the room's own pages, and those that show what `subsidies` knows too."""

from django.urls import path

from regions.urls import urls

from .views import region_sheet, regions

app_name = "regions"
urlpatterns = [
    *urls,
    path("regions/", regions.region_list, name="region_list"),
    path("regions/export/", regions.region_export, name="region_export"),
    path("regions/<str:code>/", regions.region_detail, name="region_detail"),
    path("regions/<str:code>/members/export/", regions.region_members, name="region_members"),
    path("regions/<str:code>/sheet.pdf", region_sheet.region_sheet_pdf, name="region_sheet"),
]
