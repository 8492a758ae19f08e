from django.apps import AppConfig
from django.http import HttpRequest


class AccountsConfig(AppConfig):
    """Accounts, sign-in and phones on file."""

    name = "tirek.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Keep the choices of the display panel with the account."""
        from tirek.accounts.actions import set_display
        from tirek.accounts.models import User
        from tirek.ui import display

        def keep(request: HttpRequest, chosen: display.Display) -> None:
            if isinstance(request.user, User):
                set_display(user=request.user, display=chosen.stored())

        display.keep_with(keep)
