"""The form of a message."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.core.keys import uuid7
from tirek.correspondence.rules import LONGEST
from tirek.correspondence.talks import Talk
from tirek.ui.fields import long_text

ACCEPTED: Final = ".jpg,.jpeg,.png,.webp,.pdf"


class MessageForm(forms.Form):
    """What is written, to whom, about what, with what."""

    once = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid7)
    readers = forms.MultipleChoiceField(label=_("Who reads it"), widget=forms.CheckboxSelectMultiple)
    topic = forms.ChoiceField(label=_("What is it about?"), required=False, widget=forms.Select)
    text = long_text(_("Your message"), longest=LONGEST, rows=6)
    file = forms.FileField(
        label=_("Photo or document"),
        help_text=_("If it helps: a photo or a PDF, at most 10 MB."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's own arguments
        about: Talk,
        others: Sequence[Desk],
        names: Mapping[str, str],
        **kwargs: Any,  # noqa: ANN401 - as above
    ) -> None:
        """``others`` are the desks that can read it, ``names`` those of who takes part, by desk; who reads it is not
        asked where there is one reader only.
        """
        super().__init__(*args, **kwargs)
        self.others = others
        readers, topic = self.fields["readers"], self.fields["topic"]
        readers.choices = [(one.value, names.get(one, "")) for one in self.others]  # type: ignore[attr-defined]
        topic.choices = [("", _("Another question")), *about.topics.items()]  # type: ignore[attr-defined]
        if len(self.others) == 1:
            del self.fields["readers"]
        if not about.topics:
            del self.fields["topic"]

    def chosen(self) -> list[str]:
        """Desks that read it."""
        return self.cleaned_data.get("readers") or [one.value for one in self.others]
