"""The administrator's home, and the day that is looked at."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.site import preview as previewing
from tirek.site.admin_forms import PreviewForm
from tirek.site.admin_queries import waiting as what_waits
from tirek.ui.desks import DeskRequest, desk


@desk("admin")
@require_GET
def home(request: DeskRequest) -> HttpResponse:
    """What waits: values to settle, messages that did not leave, failures, seals, jobs."""
    return render(request, "site/admin/home.html", {"waiting": what_waits(request.actor)})


@desk("admin", "analyst")
@require_http_methods(["GET", "POST"])
def preview(request: DeskRequest) -> HttpResponse:
    """Choose a day to look at, or come back to today."""
    if request.method == "POST" and "leave" in request.POST:
        request.session.pop(previewing.DAY, None)
        messages.success(request, _("You see today again."))
        return redirect("manage:preview")
    form = PreviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session[previewing.DAY] = form.cleaned_data["day"].isoformat()
        return redirect("manage:reference")
    context = {"form": form, "day": previewing.previewed_day(request)}
    return render(request, "site/admin/preview.html", context, status=422 if form.errors else 200)
