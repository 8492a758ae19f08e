"""Photos of offers in pages: sized, read when they come into sight, in words where the reader wants no pictures."""

from django.template import Context, Library
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tirek.catalogue.models import OfferPhoto
from tirek.catalogue.photos import Photo

register = Library()


@register.simple_tag(takes_context=True)
def photo(context: Context, one: Photo | OfferPhoto, *, lazy: bool = True) -> SafeString:
    """A photo with what it shows."""
    frame = context.get("frame")
    if frame is not None and not frame.display.shows_pictures:
        return format_html('<span class="picture-words">{}</span>', one.alt)
    return format_html(
        '<img class="photo" src="{}" alt="{}" width="{}" height="{}"{}>',
        reverse("catalogue:photo", args=[one.pk if isinstance(one, OfferPhoto) else one.key]),
        one.alt,
        one.width,
        one.height,
        mark_safe(' loading="lazy" decoding="async"') if lazy else "",
    )
