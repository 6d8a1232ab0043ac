"""Addresses of signing in and of one's own account."""

from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/sample/", views.sample_sign_in, name="sample_sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("post/", views.post_switch, name="post_switch"),
    path("people/export/", views.person_export, name="person_export"),
    path("people/", views.person_list, name="person_list"),
    path("password/", views.password_change, name="password_change"),
]
