"""Giving a private file back."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from tirek.files import queries
from tirek.ui.desks import DeskRequest, desk


@desk("recipient", "supplier", "officer", "operator", "inspector", "analyst", "admin")
@require_GET
def download(request: DeskRequest, key: UUID) -> HttpResponse:
    """A file as an attachment, for those who may see its case; a browser runs nothing of it."""
    stored = queries.file_for(request.actor, key)
    response = HttpResponse(queries.content_of(stored), content_type=stored.content_type)
    response.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=stored.name) or "attachment"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response
