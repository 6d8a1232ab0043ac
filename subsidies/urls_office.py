"""Addresses of the prefectural side: queue, review, decision, papers, programs and calls."""

from django.urls import URLPattern

from .views import application_list, decision, document, program, review, studio

urls: list[URLPattern] = [
    *application_list.urls,
    *review.urls,
    *decision.urls,
    *document.urls,
    *program.urls,
    *studio.urls,
]
