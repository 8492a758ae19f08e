"""Forms of the sign-in pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.core.fields import IinField, JsonField
from tirek.ui.fields import CodeField

_CODE = {
    "inputmode": "numeric",
    "autocomplete": "one-time-code",
    "spellcheck": "false",
    "class": "govuk-input--width-5 govuk-input--extra-letter-spacing",
}


def _shared() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("This is a shared computer"),
        help_text=_("For example in an office, a library or at a relative's. Then nothing is kept on it."),
        required=False,
    )


class SignInForm(forms.Form):
    """The IIN to which a code is sent."""

    hide_optional = True
    iin = IinField(label=_("Your IIN"), help_text=_("12 digits, as on your identity card."))
    shared = _shared()


class CodeForm(forms.Form):
    """The six digits from the message."""

    code = CodeField(label=_("Code from the message"), widget=forms.TextInput(attrs=_CODE))


class StaffSignInForm(forms.Form):
    """Name and password of staff and suppliers."""

    hide_optional = True
    name = forms.CharField(
        label=_("E-mail address or IIN"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    shared = _shared()


class AppCodeForm(forms.Form):
    """The six digits that the authenticator app shows."""

    code = CodeField(label=_("Code from the app"), widget=forms.TextInput(attrs=_CODE))


class OwnPasswordForm(forms.Form):
    """The password of who is signed in, once more."""

    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class KeyForm(forms.Form):
    """The answer of a security key, filled in by the page's script."""

    credential = JsonField(widget=forms.HiddenInput)


class ForgottenForm(forms.Form):
    """The e-mail address to which a link is sent."""

    name = forms.EmailField(
        label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"})
    )


class NewPasswordForm(forms.Form):
    """A new password, typed once: it can be shown."""

    password = forms.CharField(
        label=_("New password"),
        help_text=_("At least 12 characters. Three or four words that only you would put together are good."),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
