from django.apps import AppConfig


class ReimbursementsConfig(AppConfig):
    """What the local body pays suppliers for goods that people received: one claim for each act, paid once."""

    name = "tirek.reimbursements"
    label = "reimbursements"
