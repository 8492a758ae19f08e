"""Register of suppliers (реестр поставщиков): who may offer goods and take orders."""

from django.db import models
from django.db.models import Q

from tirek.core.tables import Row
from tirek.organisations.models import Organisation


class Supplier(Row):
    """An organisation in the register of suppliers.

    It stands there by a conclusion of the regional commission (Social Code art. 167(2)); a suspended supplier keeps its
    obligations and takes no new orders.
    """

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="supplier")
    registered_on = models.DateField()
    conclusion_number = models.CharField(max_length=60)
    conclusion_on = models.DateField()
    suspended_since = models.DateField(null=True, blank=True)
    suspension_basis = models.CharField(max_length=300, blank=True)
    removed_on = models.DateField(null=True, blank=True)
    contact_phone = models.CharField(max_length=16, help_text="Phone for people who have ordered, E.164.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(suspended_since__isnull=True) | ~Q(suspension_basis=""),
                name="suppliers_supplier_suspension_reasoned",
            ),
        ]
