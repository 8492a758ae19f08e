from django.apps import AppConfig


class EntitlementsConfig(AppConfig):
    """Programmes, terms to order, corrections, and the ledger of what people are entitled to."""

    name = "tirek.entitlements"
    label = "entitlements"
