"""Addresses of signing in, of one's own account, of posts, absences and hand-overs."""

from django.urls import path

from .views import absences, handovers, people, rhythm

app_name = "accounts"
urlpatterns = [
    path("sign-in/", people.sign_in, name="sign_in"),
    path("sign-in/sample/", people.sample_sign_in, name="sample_sign_in"),
    path("sign-out/", people.sign_out, name="sign_out"),
    path("post/", people.post_switch, name="post_switch"),
    path("people/export/", people.person_export, name="person_export"),
    path("people/", people.person_list, name="person_list"),
    path("password/", people.password_change, name="password_change"),
    path("notices/settings/", rhythm.rhythm, name="rhythm"),
    path("absences/", absences.absence_list, name="absence_list"),
    path("absences/export/", absences.absence_export, name="absence_export"),
    path("absences/new/", absences.absence_new, name="absence_new"),
    path("absences/<int:pk>/", absences.absence_detail, name="absence_detail"),
    path("absences/<int:pk>/end/", absences.absence_end, name="absence_end"),
    path("handovers/", handovers.handover_list, name="handover_list"),
    path("handovers/export/", handovers.handover_export, name="handover_export"),
    path("handovers/new/", handovers.handover_new, name="handover_new"),
    path("handovers/<int:pk>/", handovers.handover_detail, name="handover_detail"),
    path("handovers/<int:pk>/edit/", handovers.handover_edit, name="handover_edit"),
    path("handovers/<int:pk>/confirm/", handovers.handover_confirm, name="handover_confirm"),
    path("handovers/<int:pk>/undo/", handovers.handover_undo, name="handover_undo"),
    path("handovers/<int:pk>/discard/", handovers.handover_discard, name="handover_discard"),
]
