from django.apps import AppConfig


class ProcurementConfig(AppConfig):
    """What the local body buys for people by public procurement (Social Code art. 169): needs, lots, contracts."""

    name = "tirek.procurement"
    label = "procurement"
