"""Forms of orders that the recipient fills: one question group per page; the same fields as the draft keeps."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, cast
from uuid import UUID

from django import forms
from django.template.loader import render_to_string
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tirek.accounts.actions import parse_phone
from tirek.catalogue.sheets import Size
from tirek.core.errors import RuleBroken
from tirek.orders.forms.shared import WHOLE, NoteForm
from tirek.orders.models import Order
from tirek.orders.rules import MOST_PARTS
from tirek.ui.fields import HintedRadios, NumberField, WholeField, long_text, read_whole
from tirek.ui.text import NO_BREAK, number_text

CONSENT_VERSION: Final = "2026-12.2"
#: What was agreed to, by version; old versions stay, because people read what they once agreed to.
CONSENT_WORDS: Final = {
    "2026-11": _(
        "The supplier may see my name, address, phone and the sizes that this order needs. No diagnosis is passed on."
    ),
    "2026-12": _(
        "The supplier may see the recipient's name, address, phone and the sizes that this order needs. "
        "No diagnosis is passed on."
    ),
    "2026-12.2": _(
        "I let the supplier see the recipient's name, address, phone and the sizes that this order needs. "
        "No diagnosis is passed on."
    ),
}
#: A plain bound against overflow.
MOST_UNITS: Final = 100_000
#: Choices of delivery that stand side by side; more are a list that unfolds.
_MOST_RADIOS: Final = 4


class QuantityForm(forms.Form):
    """How many."""

    quantity = WholeField(label=_("How many?"), min_value=1, widget=forms.TextInput(attrs=WHOLE))

    # Django's own arguments
    def __init__(self, *args: Any, most: int, unit: str = "", **kwargs: Any) -> None:  # noqa: ANN401
        """``most`` is what can be ordered now, in ``unit``."""
        super().__init__(*args, **kwargs)
        self.fields["quantity"].help_text = _("At most now: %(quantity)s") % {
            "quantity": f"{number_text(most)}{NO_BREAK}{unit}".strip()
        }
        self.fields["quantity"].max_value = most  # type: ignore[attr-defined]  # an IntegerField
        self._most = most

    def clean_quantity(self) -> int:
        """No more than can be ordered."""
        quantity = int(self.cleaned_data["quantity"])
        if quantity > self._most:
            message = _("At most %(most)s can be ordered now. Enter a smaller number.")
            raise forms.ValidationError(message, params={"most": self._most}, code="most")
        return quantity


def _why(one: Size, among: Sequence[Size]) -> str:
    """Why a size fits or not, with its ruler; what the person pays for it where sizes differ in that."""
    differs = len({each.each for each in among}) > 1
    return render_to_string("orders/ordering/size.html", {"one": one, "price": one.price if differs else None})


class ChooseForm(QuantityForm):
    """Which size or model, and how many; what is not to be chosen is not asked."""

    version = forms.ChoiceField(label=_("Which size or model?"), widget=HintedRadios)
    field_order = ["version", "quantity"]

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's own arguments
        sizes: Sequence[Size],
        most: int,
        unit: str = "",
        held: Mapping[str, str] | None = None,
        **kwargs: Any,  # noqa: ANN401 - as above
    ) -> None:
        """``sizes`` can be chosen, the first of them is meant when nothing is said; ``most`` can be ordered of all;
        ``held`` was chosen before, and is asked anew where it is not what can be chosen now.
        """
        super().__init__(*args, most=min(most, max((one.stock for one in sizes), default=0)), unit=unit, **kwargs)
        self._stock = {str(one.version.pk): one.stock for one in sizes}
        self._barred = {str(one.version.pk) for one in sizes if one.barred}
        version = cast("forms.ChoiceField", self.fields["version"])
        version.choices = [(str(one.version.pk), one.label) for one in sizes]
        version.widget.hints = {str(one.version.pk): _why(one, sizes) for one in sizes}
        if sizes and sizes[0].fits:
            version.initial = str(sizes[0].version.pk)
        version.widget.data = {str(one.version.pk): {"each": str(one.each)} for one in sizes}
        before = held or {}
        if len(sizes) <= 1 and before.get("version", "") in {"", *self._stock}:
            del self.fields["version"]
        if self._most == 1 and before.get("quantity", "") in {"", "1"}:
            del self.fields["quantity"]

    def short_of(self) -> tuple[UUID, int] | None:
        """The size of which more was typed than there is, and how much; ``None`` where there is enough."""
        wanted = read_whole(str(self.data.get("quantity", ""))) or 0
        version = str(self.data.get("version") or next(iter(self._stock), ""))
        return (UUID(version), wanted) if wanted > self._stock.get(version, wanted) else None

    def clean(self) -> dict[str, Any]:
        """No more than there is of the chosen size."""
        given = super().clean() or {}
        version = given.get("version") or next(iter(self._stock), "")
        if version in self._barred:
            words = _("The programme requires something else than this size. Choose another size or another offer.")
            where = "version" if "version" in self.fields else None
            self.add_error(where, forms.ValidationError(words, code="must_match"))
        stock = self._stock.get(version, 0)
        if given.get("quantity", 0) > stock:
            words = _("There are %(stock)s in stock. Enter a smaller number, or choose another size.")
            self.add_error("quantity", forms.ValidationError(words, params={"stock": stock}, code="stock"))
        return given


class DeliveryForm(forms.Form):
    """Where to, and whom to call."""

    address = long_text(
        _("Where should it be delivered?"),
        _("Town or village; street, house and flat where there are any."),
        # a village without streets: its name is the whole address, and some have two letters
        shortest=2,
        longest=300,
        rows=3,
        autocomplete="street-address",
    )
    phone = forms.CharField(
        label=_("Phone for the delivery"),
        help_text=_("For example +7 701 123 45 67. The courier calls or writes to this number."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )
    comment = long_text(
        _("Message for the courier"),
        _("For example: ring twice, there is no lift."),
        longest=500,
        required=False,
        rows=2,
    )

    parts = forms.TypedChoiceField(
        label=_("When do you want the goods?"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        choices=[(1, _("Everything in one delivery"))],
        initial=1,
    )

    # Django's own arguments
    def __init__(self, *args: Any, most_parts: int = MOST_PARTS, **kwargs: Any) -> None:  # noqa: ANN401
        """``most_parts``: in how many parts, one a month, the goods can come; where it is one, nothing is asked."""
        super().__init__(*args, **kwargs)
        parts = cast("forms.TypedChoiceField", self.fields["parts"])
        monthly = [(n, _("In %(n)s parts, one a month") % {"n": n}) for n in range(2, most_parts + 1)]
        parts.choices = [(1, _("Everything in one delivery")), *monthly]
        if most_parts > _MOST_RADIOS:
            parts.widget = forms.Select(choices=parts.choices)
        if most_parts == 1:
            del self.fields["parts"]

    def clean_address(self) -> str:
        """On one line: a courier's list has no room for more."""
        return " ".join(str(self.cleaned_data["address"]).split())

    def clean_phone(self) -> str:
        """A phone that exists, in E.164 form."""
        try:
            return parse_phone(str(self.cleaned_data["phone"]))
        except RuleBroken as error:
            raise forms.ValidationError(str(error.message), code="phone") from error


class MeasurementsForm(forms.Form):
    """The measurements by which this kind is chosen: checked again before each order."""

    # Django's own arguments
    def __init__(self, *args: Any, measurements: Mapping[str, str], **kwargs: Any) -> None:  # noqa: ANN401
        """``measurements`` maps a code to its words."""
        super().__init__(*args, **kwargs)
        for code, words in measurements.items():
            self.fields[code] = NumberField(
                label=words, required=False, min_value=Decimal(0), max_digits=7, decimal_places=2
            )


class AnswerForm(DeliveryForm):
    """The one thing that is asked about an order; everything else of it stays as it is."""

    words = long_text(_("Your answer"), longest=500, rows=3)
    document = forms.FileField(
        label=_("Photo or document"),
        help_text=_("A photo or a PDF, at most 10 MB. The supplier and the department see it."),
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp,.pdf"}),
    )

    # Django's own arguments
    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's own
        asked: str,
        question: str,
        known: Mapping[str, str],
        sizes: Mapping[str, str],
        **kwargs: Any,  # noqa: ANN401 - as above
    ) -> None:
        """``asked`` is what is asked about, ``question`` says it; ``known`` is what stands in the order now, ``sizes``
        are the words of the sizes that are asked.
        """
        super().__init__(*args, **kwargs)
        for other in [one for one in self.fields if one != asked]:
            del self.fields[other]
        if asked == Order.Asked.SIZES:
            for code, words in sizes.items():
                self.fields[code] = NumberField(
                    label=words, required=False, min_value=Decimal(0), max_digits=7, decimal_places=2
                )
        for place, (one, field) in enumerate(self.fields.items()):
            field.initial = known.get(one, "")
            if place == 0:
                field.help_text = _("You are asked: “%(question)s”") % {"question": question}

    def clean(self) -> dict[str, Any]:
        """At least one size, where sizes are asked."""
        given = super().clean() or {}
        sizes = [one for one in self.fields.values() if isinstance(one, NumberField)]
        if sizes and not self.errors and not any(value is not None for value in given.values()):
            first = next(iter(self.fields))
            self.add_error(first, forms.ValidationError(_("Type at least one size."), code="sizes"))
        return given


class CheckForm(forms.Form):
    """The last page: agree and send."""

    consent = forms.BooleanField(
        label=CONSENT_WORDS[CONSENT_VERSION],
        error_messages={"required": _("Tick that the supplier may see what this order needs.")},
    )
    fit_acknowledged = forms.BooleanField(
        label=_("I know that it does not fit the measurements, and I order it all the same."),
        error_messages={"required": _("Choose another size, or tick that you want to order it all the same.")},
    )

    def __init__(self, *args: Any, does_not_fit: bool, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own arguments
        """Only what does not fit asks for the acknowledgement."""
        super().__init__(*args, **kwargs)
        if not does_not_fit:
            del self.fields["fit_acknowledged"]

    def clean_consent(self) -> bool:
        """Agreed to the present words: a draft keeps the version of the words that were agreed to."""
        typed = str(self.data.get("consent", ""))
        if typed != CONSENT_VERSION and typed in CONSENT_WORDS:
            raise forms.ValidationError(self.fields["consent"].error_messages["required"], code="required")
        return bool(self.cleaned_data["consent"])

    def answers(self) -> dict[str, str]:
        """What was agreed to by this press, as the draft's values; what was ticked before is none of it."""
        return {
            "consent": CONSENT_VERSION if self.cleaned_data.get("consent") else "",
            "fit_acknowledged": "yes" if self.cleaned_data.get("fit_acknowledged") else "",
        }


class TogetherForm(CheckForm):
    """The page that sends several orders: one consent for all, and what does not fit is acknowledged one by one."""

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's own arguments
        not_fitting: Mapping[UUID, str],
        **kwargs: Any,  # noqa: ANN401 - Django's own arguments
    ) -> None:
        """``not_fitting``: goods of the orders that do not fit, by draft."""
        super().__init__(*args, does_not_fit=False, **kwargs)
        consent = self.fields["consent"]
        consent.label = format_lazy("{} {}", consent.label, _("This holds for each of these orders."))
        words = CheckForm.base_fields["fit_acknowledged"].label
        for key, goods in not_fitting.items():
            self.fields[f"{key}-fit_acknowledged"] = forms.BooleanField(
                label=format_lazy("{}: {}", goods, words),
                error_messages={"required": _("Leave this order out, or tick that you want it all the same.")},
            )

    def answers_of(self, key: UUID) -> dict[str, str]:
        """What was agreed to by this press about one order, as its draft's values."""
        acknowledged = self.cleaned_data.get(f"{key}-fit_acknowledged")
        return {**self.answers(), "fit_acknowledged": "yes" if acknowledged else ""}


class RefuseForm(NoteForm):
    """Why the goods are refused."""

    reason = forms.ChoiceField(label=_("What is wrong?"), choices=Order.RefusalReason.choices, widget=forms.RadioSelect)
    photo = forms.FileField(
        label=_("A photo of what is wrong"),
        help_text=_("If it helps: a photo or a PDF, at most 10 MB. The supplier and the department see it."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp,.pdf"}),
    )
    field_order = ["reason", "note", "photo"]
