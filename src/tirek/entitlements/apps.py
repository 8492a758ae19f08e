from django.apps import AppConfig


class EntitlementsConfig(AppConfig):
    name = "tirek.entitlements"
    label = "entitlements"
