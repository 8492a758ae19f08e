"""The display panel: how a person wants pages to look."""

from dataclasses import asdict

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from tirek.ui import display
from tirek.ui.desks import DeskRequest, desk
from tirek.ui.fields import HintedRadios
from tirek.ui.views.public import safe_next


class DisplayForm(forms.Form):
    """The choices of ``tirek.ui.display``."""

    size = forms.ChoiceField(
        label=_("Size of the text"), choices=display.Size.choices, widget=HintedRadios({"class": "display-sizes"})
    )
    contrast = forms.ChoiceField(
        label=_("Colours"), choices=display.Contrast.choices, widget=HintedRadios({"class": "display-colours"})
    )
    spacing = forms.ChoiceField(
        label=_("Space between letters and lines"), choices=display.Spacing.choices, widget=HintedRadios
    )
    pictures = forms.ChoiceField(
        label=_("Pictures"),
        choices=display.Pictures.choices,
        widget=HintedRadios(hints={display.Pictures.HIDDEN: _("Pages open faster, and words replace pictures.")}),
    )


@desk("public")
@require_http_methods(["GET", "HEAD", "POST"])
def panel(request: DeskRequest) -> HttpResponse:
    """Show and remember the choices; "Use the usual look" forgets them."""
    came_from = request.POST.get("next") or request.GET.get("next", "/")
    if request.method == "POST" and "usual" in request.POST:
        response: HttpResponse = HttpResponseRedirect(safe_next(request, came_from))
        display.remember(request, response, display.Display())
        return response
    form = DisplayForm(request.POST if request.method == "POST" else None, initial=asdict(display.of(request)))
    if form.is_valid():
        response = HttpResponseRedirect(safe_next(request, came_from))
        display.remember(request, response, display.Display.chosen(form.cleaned_data))
        return response
    context = {"form": form, "next": safe_next(request, came_from), "with_account": request.actor.user_id is not None}
    return render(request, "ui/display.html", context, status=422 if form.is_bound else 200)
