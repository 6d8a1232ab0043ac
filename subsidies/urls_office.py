"""Addresses of the prefectural side: queue, review, decision, papers, programs and calls."""

from django.urls import URLPattern

from .views import (
    accounting,
    application_list,
    batch,
    budget,
    case_audit,
    closing,
    decision,
    disclosure,
    document,
    findings,
    payments,
    program,
    register,
    reopening,
    report_office,
    returns,
    review,
    revocation,
    simulations,
    studio,
)

urls: list[URLPattern] = [
    *application_list.urls,
    *review.urls,
    *report_office.urls,
    *decision.urls,
    *document.urls,
    *payments.urls,
    *accounting.urls,
    *closing.urls,
    *program.urls,
    *studio.urls,
    *budget.urls,
    *register.urls,
    *batch.urls,
    *simulations.urls,
    *revocation.urls,
    *returns.urls,
    *reopening.urls,
    *findings.urls,
    *case_audit.urls,
    *disclosure.urls,
]
