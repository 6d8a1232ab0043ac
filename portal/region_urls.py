"""The namespace `regions`: the room's own pages, and the two that show what `subsidies` knows too."""

from django.urls import path

from regions.urls import urls

from .views import regions

app_name = "regions"
urlpatterns = [
    *urls,
    path("regions/", regions.region_list, name="region_list"),
    path("regions/<str:code>/", regions.region_detail, name="region_detail"),
]
