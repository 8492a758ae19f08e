from django.apps import AppConfig


class DemandConfig(AppConfig):
    """What people may order and nobody offers in their district: kept, shown to offices and suppliers, and told when an
    offer comes.
    """

    name = "tirek.demand"
    label = "demand"
