"""Register of suppliers (реестр поставщиков): who may offer goods and take orders."""

from django.db import models
from django.db.models import Q

from tirek.core.identifiers import Iban
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


class BankAccount(Row):
    """Where people pay what is above the guaranteed amount: details of a supplier, written once.

    A changed account is a new row that says who changed it and when; the newest one holds.
    """

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="accounts", db_index=False)
    iban = models.CharField(max_length=20, help_text="Account (ИИК), 20 signs.")
    bank = models.CharField(max_length=200, help_text="Name of the bank.")
    bic = models.CharField(max_length=11, help_text="Code of the bank (БИК), 8 or 11 signs.")
    kbe = models.CharField(max_length=2, help_text="Code of beneficiary (КБе): residence and sector.")
    actor_id = models.UUIDField(null=True)
    desk = models.CharField(max_length=20)

    class Meta:
        indexes = [models.Index(fields=["supplier", "-id"], name="suppliers_account_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(iban__regex=r"^KZ[0-9]{5}[0-9A-Z]{13}$"), name="suppliers_account_iban"),
            models.CheckConstraint(condition=Q(kbe__regex=r"^[12][0-9]$"), name="suppliers_account_kbe"),
        ]

    @property
    def account(self) -> Iban:
        """The account with its signs in fours."""
        return Iban(self.iban)

    @property
    def tail(self) -> str:
        """The last four signs, by which people compare."""
        return self.iban[-4:]
