"""Words of Django and django-allauth that could reach a page, named here so that our catalogues hold them.

Our catalogues are asked first, so a reader of Kazakh never meets the library's English: Django has half of these in
Kazakh, django-allauth none. Most never reach a page, because something of ours speaks in their place
(``tirek.ui.wording`` at form fields, ``tirek.accounts`` for weak passwords and second factors); this is the net below.
"""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_noop, ngettext_lazy, pgettext_lazy

#: Sentences as the libraries write them.
SENTENCES: Final[tuple[str, ...]] = (
    # django.forms
    gettext_noop("This field is required."),
    gettext_noop("Enter a complete value."),
    gettext_noop("Enter a valid JSON."),
    gettext_noop("Enter a valid UUID."),
    gettext_noop("No file was submitted. Check the encoding type on the form."),
    gettext_noop("The submitted file is empty."),
    gettext_noop("Upload a valid image. The file you uploaded was either not an image or a corrupted image."),
    gettext_noop("(Hidden field %(name)s) %(error)s"),
    gettext_noop(
        "ManagementForm data is missing or has been tampered with. Missing fields: %(field_names)s."
        " You may need to file a bug report if the issue persists."
    ),
    # django.core.validators
    gettext_noop("Null characters are not allowed."),
    gettext_noop("File extension “%(extension)s” is not allowed. Allowed extensions are: %(allowed_extensions)s."),
    # django.contrib.auth.password_validation
    gettext_noop("The password is too similar to the %(verbose_name)s."),
    gettext_noop("This password is too common."),
    # allauth.mfa.adapter
    gettext_noop("Incorrect code."),
)

#: Sentences that count something (``num``, ``max``, ``length``), as the libraries write them.
COUNTED: Final[tuple[Promise, ...]] = (
    ngettext_lazy("Please submit at most %(num)d form.", "Please submit at most %(num)d forms.", "num"),
    ngettext_lazy("Please submit at least %(num)d form.", "Please submit at least %(num)d forms.", "num"),
    ngettext_lazy(
        "Ensure this filename has at most %(max)d character (it has %(length)d).",
        "Ensure this filename has at most %(max)d characters (it has %(length)d).",
        "max",
    ),
)

#: The one that names its number by no name.
SHORT_PASSWORD: Final = ngettext_lazy(
    "This password is too short. It must contain at least %d character.",
    "This password is too short. It must contain at least %d characters.",
)

#: Months as Django writes them within a date; it has the Kazakh ones with a capital letter.
MONTHS: Final[tuple[Promise, ...]] = (
    pgettext_lazy("alt. month", "January"),
    pgettext_lazy("alt. month", "February"),
    pgettext_lazy("alt. month", "March"),
    pgettext_lazy("alt. month", "April"),
    pgettext_lazy("alt. month", "May"),
    pgettext_lazy("alt. month", "June"),
    pgettext_lazy("alt. month", "July"),
    pgettext_lazy("alt. month", "August"),
    pgettext_lazy("alt. month", "September"),
    pgettext_lazy("alt. month", "October"),
    pgettext_lazy("alt. month", "November"),
    pgettext_lazy("alt. month", "December"),
)
