"""Forms as GOV.UK Frontend draws them, through Django's own form renderer: ``{{ form }}`` is enough in a template."""

from functools import cached_property
from typing import Any, Final, cast

from django import forms
from django.forms import BoundField
from django.forms.renderers import TemplatesSetting
from django.template import TemplateDoesNotExist
from django.template.base import Template
from django.template.loader import get_template

from tirek.ui import wording

OWN = {"django/forms/widgets/": "ui/forms/widgets/", "django/forms/errors/": "ui/forms/errors/"}


#: Class of a field whose characters the script counts.
_COUNTED: Final = "govuk-js-character-count"


class GovukBoundField(BoundField):
    """A field of a form with everything its template needs."""

    @property
    def hint_id(self) -> str:
        """Id of the hint under the label."""
        return f"{self.auto_id}-hint"

    @property
    def error_id(self) -> str:
        """Id of the error text."""
        return f"{self.auto_id}-error"

    @cached_property
    def error_texts(self) -> list[str]:
        """The errors in sentences that name the field and the way out."""
        errors = self.form.errors.as_data().get(self.name, [])
        return [wording.text_of(self, error) for outer in errors for error in outer.error_list]

    @property
    def aria_describedby(self) -> str | None:
        """Ids of hint and error, in that order; a widget's own are kept by Django."""
        if self.field.widget.attrs.get("aria-describedby"):
            return None
        return self.described_by

    @property
    def described_by(self) -> str:
        """Ids of hint, error and count for the control or for the fieldset around several."""
        if not self.auto_id or self.is_hidden:
            return ""
        told = [(self.hint_id, self.help_text), (self.error_id, self.errors), (self.count_id, self.longest)]
        return " ".join(key for key, is_told in told if is_told)

    @property
    def count_id(self) -> str:
        """Id of what says how much may be written, as the script of the page looks for it."""
        return f"{self.id_for_label}-info"

    @property
    def longest(self) -> int:
        """How many characters may be written in own words, to be counted while one types; 0 for other fields."""
        is_counted = _COUNTED in str(self.field.widget.attrs.get("class", "")).split()
        return int(getattr(self.field, "max_length", 0) or 0) if is_counted else 0

    @property
    def target_id(self) -> str:
        """Id of the first control, where a link of the error summary leads."""
        widget = self.field.widget
        if isinstance(widget, forms.RadioSelect | forms.MultiWidget):
            return f"{self.auto_id}_0"
        return self.id_for_label or self.auto_id

    @property
    def is_single_checkbox(self) -> bool:
        """Whether the label stands after a lone checkbox."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    def get_context(self) -> dict[str, Any]:
        """What the field's template sees."""
        return {"field": self, "heading": False}


class GovukRenderer(TemplatesSetting):
    """Own templates for forms, fields and widgets; Django's where there is no own one."""

    form_template_name = "ui/forms/form.html"
    formset_template_name = "ui/forms/formset.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = GovukBoundField

    def get_template(self, template_name: str) -> Template:
        """The own template in the place of Django's."""
        for library, own in OWN.items():
            if template_name.startswith(library):
                try:
                    return cast("Template", get_template(template_name.replace(library, own, 1)))
                except TemplateDoesNotExist:
                    break
        return cast("Template", get_template(template_name))
