"""Addresses of the room, under the namespace `municipalities`."""

from django.urls import path

from . import views

app_name = "municipalities"
urlpatterns = [
    path("municipalities/", views.municipality_list, name="municipality_list"),
    path("municipalities/export/", views.municipality_export, name="municipality_export"),
    path("municipalities/<slug:pk>/acting/", views.municipality_acting, name="municipality_acting"),
    path("municipalities/<slug:pk>/acting/end/", views.municipality_acting_end, name="municipality_acting_end"),
    path("municipalities/<slug:pk>/", views.municipality_detail, name="municipality_detail"),
]
