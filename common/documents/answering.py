"""A PDF as the answer of a view."""

from urllib.parse import quote

from django.http import HttpResponse


def pdf_answer(data: bytes, title: str) -> HttpResponse:
    """Answer with the PDF, shown in the browser under its Japanese title (without .pdf), kept by no cache."""
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(title)}.pdf"
    response["Cache-Control"] = "private, no-store"
    return response
