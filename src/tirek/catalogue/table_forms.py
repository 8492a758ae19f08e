"""Forms of the supplier's table of sizes, and of the file that is brought."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.card_files import MOST_BYTES
from tirek.catalogue.card_forms import SizeForm, TermsForm
from tirek.catalogue.deciding import Held, HeldSize
from tirek.catalogue.models import Group
from tirek.catalogue.words import kinds_by_group
from tirek.ui.text import size_text

#: Between what a page has shown of a size, in one hidden field.
_BETWEEN: Final = "|"


class RowForm(forms.Form):
    """Price, stock and article number of a size in the table; in the first row of a card its days, too."""

    def __init__(self, data: Mapping[str, Any] | None, *, held: Held, size: HeldSize, has_days: bool) -> None:
        """Begin with the size as its supplier wants it; the page says what it has shown."""
        now, self.held, self.size = held.wanted_size(size), held, size
        days = held.wanted_card["delivery_days"]
        shown = _BETWEEN.join((str(now.stock), str(now.price), str(days), now.article))
        initial = {
            "price": now.price or None,
            "stock": now.stock,
            "article": now.article,
            "days": days or None,
            "seen": shown,
        }
        super().__init__(data, prefix=str(size.key), initial=initial)
        goods = f"{held.offer.name or held.offer.name_ru or held.offer.kind.name}, {size_text(now.label)}"
        self.goods = goods
        fields: dict[str, forms.Field] = {name: SizeForm.base_fields[name] for name in ("price", "stock", "article")}
        if has_days:
            fields["days"] = TermsForm.base_fields["delivery_days"]
        for name, known in fields.items():
            field = type(known).__deepcopy__(known, {})
            field.label, field.help_text = f"{goods}: {known.label}", ""
            field.widget.attrs |= {"aria-label": field.label, "class": "govuk-input--width-5"}
            self.fields[name] = field
        self.fields["seen"] = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)

    @property
    def shown(self) -> dict[str, Any]:
        """What the page has shown of the size; nothing where it cannot be read."""
        parts = str(self.cleaned_data.get("seen") or "").split(_BETWEEN, 3)
        try:
            stock, price, days, article = parts
            return {"stock": int(stock), "price": Decimal(price), "delivery_days": int(days), "article": article}
        except (ValueError, InvalidOperation):
            return {}


class KindForm(forms.Form):
    """Of which kind of goods; it stands in the address."""

    kind = forms.ChoiceField(label=_("Kind"))

    def __init__(self, data: Mapping[str, Any] | None, *, own: Sequence[tuple[str, str]] = ()) -> None:
        """``own`` are those of which the supplier has offers: they stand first."""
        super().__init__(data, auto_id="kind_%s")
        first: list[Any] = [(_("Your kinds"), list(own))] if own else []
        goods = kinds_by_group(but=[Group.SERVICE])
        self.fields["kind"].choices = [("", _("choose")), *first, *goods]  # type: ignore[attr-defined]


class CardFileForm(forms.Form):
    """The file that is brought."""

    file = forms.FileField(
        label=_("The filled-in table, XLSX or CSV"),
        help_text=_("At most 10 MB and 100,000 lines. The next page shows what will change. Nothing is changed yet."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> Any:  # noqa: ANN401 - Django's own
        """The file, where it is not too large.

        Raises:
            ValidationError: it is.
        """
        chosen = self.cleaned_data["file"]
        if (chosen.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is too large: at most %(size)s MB."), code="large", params={"size": MOST_BYTES // 1_000_000}
            )
        return chosen
