from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts, sign-in and phones on file."""

    name = "tirek.accounts"
    label = "accounts"
