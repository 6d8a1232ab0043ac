"""Addresses of the municipal side: calls, the wizard, the check, consent, the application itself."""

from django.urls import URLPattern

from .views import (
    attachments,
    calls,
    changes,
    check,
    consent,
    corrections,
    delegations,
    detail,
    draft,
    officers,
    partners,
    progress,
    report,
    submission,
)

urls: list[URLPattern] = [
    *calls.urls,
    *check.urls,
    *partners.urls,
    *detail.urls,
    *changes.urls,
    *draft.urls,
    *consent.urls,
    *submission.urls,
    *corrections.urls,
    *attachments.urls,
    *delegations.urls,
    *officers.urls,
    *progress.urls,
    *report.urls,
]
