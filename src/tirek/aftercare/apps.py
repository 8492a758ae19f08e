from django.apps import AppConfig


class AftercareConfig(AppConfig):
    """What comes after the receipt: faults of goods and their repair, goods that harm people, recalls."""

    name = "tirek.aftercare"
    label = "aftercare"
