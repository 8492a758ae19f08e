"""Offers on paper, for social workers and for who chooses without a screen: one on a sheet, those of a place as a list.

PDF/UA in the language of the reader, with a QR code to the same page; nothing of any person is on them.
"""

from io import BytesIO
from pathlib import Path
from typing import Any, Final

from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from PIL import Image

from tirek.catalogue import photos
from tirek.catalogue.models import OfferPhoto
from tirek.catalogue.showing import ListShown, OfferShown, own_part
from tirek.catalogue.words import warranty_text
from tirek.core import clock
from tirek.core.languages import current
from tirek.files.queries import content_of
from tirek.ui.addresses import full_address, qr_code
from tirek.ui.documents import pdf
from tirek.ui.text import country_text, day_text, number_text, phone_text, tenge_text

_FOLDER: Final = Path(__file__).parent / "paper"
#: Sizes of letters, in points.
_PLAIN, _LARGE = 10.5, 16
#: Pixels of a photo on paper.
_PIXELS: Final = (560, 480)


def offer_sheet(shown: OfferShown, *, large: bool) -> bytes:
    """A product on a sheet of A4, or some in large print."""
    offer, kind = shown.offer, shown.offer.kind
    supplier = offer.supplier
    days = ngettext(
        "%(n)s day after the supplier accepts", "%(n)s days after the supplier accepts", offer.delivery_days
    )
    rows = [
        (_("Maker"), ", ".join(part for part in (offer.maker, country_text(offer.country)) if part)),
        (_("Delivery"), days % {"n": number_text(offer.delivery_days)}),
        (_("Warranty"), warranty_text(offer.warranty_months)),
        (_("What is in the box"), offer.included),
        (_("Supplier"), supplier.organisation.name),
        (_("Phone"), phone_text(supplier.contact_phone)),
        (_("In writing"), _("sign in on the portal and write to the supplier from the order")),
    ]
    lines = [[one.label, tenge_text(one.price), own_part(one.own, tenge_text(one.own or 0))] for one in shown.sizes]
    pays = (
        _("The state pays up to %(amount)s for each. What is over, the person pays.")
        % {"amount": tenge_text(shown.limit)}
        if shown.limit is not None
        else _("It is not known yet what the state pays for it.")
    )
    facts = {
        "title": offer.name,
        "kind": capfirst(kind.name),
        "lead": offer.description,
        "not_sold": "" if shown.is_sold else _("It cannot be ordered now."),
        "language": current(),
        "size": _LARGE if large else _PLAIN,
        "picture": _picture(shown),
        "rows": [row for row in rows if row[1]],
        "sizes": {
            "title": _("Sizes and models"),
            "heads": [_("Size or model"), _("Price"), _("The person pays at most")],
            "fits": _("Whom it fits"),
            "lines": lines,
            "rest": _left_out(shown.left_out),
        },
        "pays": pays,
        "fits": [(one.label, one.fits) for one in shown.sizes if one.fits],
        "address": _address(reverse("catalogue:offer", args=[offer.pk])),
        "day": _day(),
    }
    return pdf(_FOLDER / "offer.typ", facts)


def list_sheet(shown: ListShown, place: str, place_name: str, *, large: bool) -> bytes:
    """Offers of a kind that reach a place, as a list."""
    kind = shown.kind
    facts = {
        "title": capfirst(kind.name),
        "lead": " · ".join(part for part in (place_name, kind.iso) if part),
        "provision": shown.provision,
        "language": current(),
        "size": _LARGE if large else _PLAIN,
        "heads": [_("Offer and supplier"), _("Price from"), _("The person pays from"), _("Days to deliver")],
        "lines": [
            [
                f"{one.offer.name} ({one.offer.supplier.organisation.name})",
                tenge_text(one.price),
                own_part(one.own, tenge_text(one.own or 0)),
                number_text(one.days),
            ]
            for one in shown.offers
        ],
        "empty": _("Nobody delivers it here yet."),
        "rest": _left_out(shown.left_out),
        "address": _address(f"{reverse('catalogue:offers', args=[kind.code])}?place={place}"),
        "day": _day(),
    }
    return pdf(_FOLDER / "offers.typ", facts)


def _left_out(count: int) -> str:
    return _("Left out here: %(n)s.") % {"n": number_text(count)} if count else ""


def _day() -> str:
    return _("As of %(day)s. Prices change: look at the page.") % {"day": day_text(clock.today())}


def _address(path: str) -> dict[str, str]:
    url = full_address(path)
    return {
        "title": _("On the portal"),
        "words": _("Point the camera of a phone at the code, or type the address:"),
        "url": url,
        "code": qr_code(url),
        "alt": _("QR code with the address of the page: %(url)s") % {"url": url},
    }


def _picture(shown: OfferShown) -> dict[str, Any] | None:
    """The first photo that people see, made small; else the drawing of the house; else none."""
    seen = photos.seen(shown.offer)
    kept = OfferPhoto.objects.select_related("file").filter(pk=seen[0].key).first() if seen else None
    if kept is not None:
        out = BytesIO()
        with Image.open(BytesIO(content_of(kept.file))) as photo:
            small = photo.convert("RGB")
            small.thumbnail(_PIXELS)
            small.save(out, "JPEG", quality=80)
        return {"content": list(out.getvalue()), "format": "jpg", "alt": seen[0].alt}
    name = shown.offer.illustration or shown.offer.kind.illustration
    drawn = finders.find(f"tirek/illustrations/{name}.svg") if name else None
    if not isinstance(drawn, str):
        return None
    text = Path(drawn).read_text(encoding="utf-8")
    return {"content": text, "format": "svg", "alt": _("A drawing: %(what)s") % {"what": shown.offer.kind.name}}
