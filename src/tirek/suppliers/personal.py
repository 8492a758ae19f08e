"""Personal data of suppliers: the applications that a person sent, and the names of those who acted for a firm."""

from django.utils.translation import gettext_lazy as _

from tirek.core.personal import export, retention
from tirek.core.personal.export import Entry, Subject
from tirek.suppliers.case_types import REGISTRATIONS

export.leaves_out("bank details of a firm: about the firm, not about who entered them", "suppliers.BankAccount")
export.leaves_out(
    "a firm in the register and what was done with it: about the firm, not about who acted for it",
    "suppliers.RegisterEvent",
    "suppliers.Agreement",
)
export.leaves_out(
    "papers of a firm and what registers say of it: about the firm; its application is in the export", "suppliers.Check"
)
export.titles(
    "suppliers",
    name_kk=_("Name in Kazakh"),
    name_ru=_("Name in Russian"),
    address=_("Address"),
    contact_phone=_("Phone for people who will order"),
    conclusion_number=_("Number of the conclusion"),
    conclusion_on=_("Date of the conclusion"),
    reason=_("Reason"),
)
export.codes(
    registration=_("Application to join the register of suppliers"),
    registration_accept=_("Signature under the public offer"),
    registration_who=_("Who will be the supplier?"),
    registration_bin=_("BIN of the organisation"),
    registration_name_kk=_("Name in Kazakh"),
    registration_name_ru=_("Name in Russian"),
    registration_name_en=_("Name in English"),
    registration_place_code=_("District or city"),
    registration_address=_("Address"),
    registration_contact_phone=_("Phone for people who will order"),
    registration_supplies=_("What will you supply?"),
    supplier=_("Supplier"),
    supplier_offer=_("Signature under the public offer"),
)


@export.section("registrations", "suppliers.Registration", title=_("Applications to join the register"), place=77)
def _registrations(subject: Subject) -> list[Entry]:
    return export.cases(REGISTRATIONS, subject, "name_kk", "name_ru", "address", "contact_phone", "reason")


retention.keeps("The register of suppliers: as long as the register is kept.", "suppliers.*")
