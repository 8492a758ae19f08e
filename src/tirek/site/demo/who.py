"""Whom a visitor of the demo can be."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from tirek.accounts.models import User
from tirek.accounts.personas import Persona
from tirek.core.actors import Desk
from tirek.core.identifiers import Sex, synthetic_iin
from tirek.core.languages import in_language
from tirek.organisations.models import Membership
from tirek.people.models import Person
from tirek.site import sessions
from tirek.site.middleware import DESK_OF_ROLE

PASSWORD: Final = "Tirek-demo-2026"  # noqa: S105 - of demo accounts, which exist in demo mode only


@dataclass(frozen=True, slots=True)
class Citizen:
    """A demo person: IIN from birth, sex and serial; district by КАТО code; phone of a range that nobody has."""

    key: str
    surname: str
    given_name: str
    patronymic: str
    born: date
    sex: Sex
    serial: int
    district: str
    address: str
    phone: str
    language: str
    represents: str = ""

    @property
    def iin(self) -> str:
        """The synthetic IIN."""
        return synthetic_iin(self.born, self.sex, self.serial).digits


SEMEY, AYAGOZ, TARAZ = "101000000", "103600000", "311000000"

CITIZENS: Final = (
    Citizen(
        "mother",
        "Сейітова",
        "Айгүл",
        "Маратқызы",
        date(1988, 4, 12),
        Sex.FEMALE,
        101,
        AYAGOZ,
        "Тарбағатай ауылы, Абай көшесі 14",
        "+77000000001",
        "kk",
    ),
    Citizen(
        "son",
        "Сейітов",
        "Әлихан",
        "Ерланұлы",
        date(2018, 9, 3),
        Sex.MALE,
        102,
        AYAGOZ,
        "Тарбағатай ауылы, Абай көшесі 14",
        "",
        "kk",
        represents="mother",
    ),
    Citizen(
        "blind",
        "Громов",
        "Виктор",
        "Павлович",
        date(1975, 2, 23),
        Sex.MALE,
        103,
        SEMEY,
        "Семей, ул. Шакарима 38, кв. 12",
        "+77000000003",
        "ru",
    ),
    Citizen(
        "pensioner",
        "Қасымов",
        "Төлеген",
        "Оспанұлы",
        date(1949, 11, 30),
        Sex.MALE,
        104,
        SEMEY,
        "Семей, Интернационал көшесі 7, 3-пәтер",
        "+77000000004",
        "kk",
    ),
    Citizen(
        "deaf",
        "Ли",
        "Елена",
        "Сергеевна",
        date(1996, 7, 8),
        Sex.FEMALE,
        105,
        TARAZ,
        "Тараз, мкр. Салтанат 5, кв. 41",
        "+77000000005",
        "ru",
    ),
    Citizen(
        "chair",
        "Нұрланова",
        "Динара",
        "Бекқызы",
        date(1991, 1, 19),
        Sex.FEMALE,
        106,
        SEMEY,
        "Семей, Мәңгілік Ел көшесі 21",
        "+77000000006",
        "kk",
    ),
)


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody at work in the demo: the made-up name of who works there, and in three languages what they are."""

    key: str
    name: str
    email: str
    organisation: str
    role: Membership.Role
    name_kk: str
    name_ru: str
    name_en: str


WORKERS: Final = (
    Worker(
        "workshop",
        "Ахметов Болат Серікұлы",
        "workshop@example.kz",
        "workshop",
        Membership.Role.SUPPLIER_MANAGER,
        "Семейдегі шеберхана",
        "Мастерская в Семее",
        "Workshop in Semey",
    ),
    Worker(
        "importer",
        "Ким Ольга Владимировна",
        "importer@example.kz",
        "importer",
        Membership.Role.SUPPLIER_MANAGER,
        "Республикалық импорттаушы",
        "Республиканский импортёр",
        "National importer",
    ),
    Worker(
        "officer",
        "Жұмабекова Гүлнар Әбдіқызы",
        "officer@example.kz",
        "semey",
        Membership.Role.OFFICER,
        "Семей қаласының маманы",
        "Специалист города Семей",
        "Officer of Semey",
    ),
    Worker(
        "colleague",
        "Петренко Сергей Иванович",
        "colleague@example.kz",
        "semey",
        Membership.Role.OFFICER,
        "Семейдегі әріптес",
        "Коллега в Семее",
        "Colleague in Semey",
    ),
    Worker(
        "district",
        "Тұрсынбек Ерасыл",
        "district@example.kz",
        "ayagoz",
        Membership.Role.OFFICER,
        "Аягөз ауданының маманы",
        "Специалист Аягозского района",
        "Officer of Ayagoz district",
    ),
    Worker(
        "region",
        "Оразалина Мәдина Қайратқызы",
        "region@example.kz",
        "abai",
        Membership.Role.HEAD_OFFICER,
        "Абай облыстық басқармасының басшысы",
        "Руководитель по области Абай",
        "Head for Abai region",
    ),
    Worker(
        "admin",
        "Шмидт Андрей Викторович",
        "admin@example.kz",
        "centre",
        Membership.Role.ADMIN,
        "Портал әкімшісі",
        "Администратор портала",
        "Administrator",
    ),
    Worker(
        "analyst",
        "Әбілқасым Жанна Нұрланқызы",
        "analyst@example.kz",
        "centre",
        Membership.Role.ANALYST,
        "Портал талдаушысы",
        "Аналитик портала",
        "Analyst",
    ),
)


def about(key: str) -> str:
    """What can be tried as this person, in the reader's language."""
    return {
        "mother": _(
            "Mother in a village: orders diapers and a walking frame for her son, by phone, on a weak connection."
        ),
        "blind": _(
            "Blind man with a screen reader: white cane, talking thermometer; one order waits for his confirmation."
        ),
        "pensioner": _("Older man who sees badly: absorbent sheets, a cane; one order is on the way."),
        "deaf": _("Deaf woman in Taraz: a light signaller; writes, does not call."),
        "chair": _("Young woman who needs a wheelchair: compares chairs by her measurements."),
        "workshop": _("Small workshop: new orders to accept or decline, hand-over at the door."),
        "importer": _("Importer with many offers, stock and prices."),
        "officer": _("Officer at the counter: finds a person, orders together, confirms with the person present."),
        "colleague": _("A second officer: records a paper signature on an order that the first has entered."),
        "district": _("Officer of a rural district: forms that villagers handed to the office."),
        "region": _("Head of the regional department: sees every district."),
        "admin": _(
            "Administrator: time limits with their sources, working calendar, users and roles, messages that were "
            "not sent."
        ),
        "analyst": _("Analyst: sees reference data as of any day."),
    }.get(key, "")


def _name(worker: Worker) -> str:
    return in_language(kk=worker.name_kk, ru=worker.name_ru, en=worker.name_en)


def personas() -> list[Persona]:
    """The demo accounts, recipients first."""
    people = {row.iin: row for row in Person.objects.filter(iin__in=[one.iin for one in CITIZENS], user__isnull=False)}
    listed = [
        Persona(user_id=person.user_id, name=person.full_name, about=about(one.key), desk=Desk.RECIPIENT)
        for one in CITIZENS
        if (person := people.get(one.iin)) is not None and person.user_id is not None and one.key != "son"
    ]
    users = {user.email: user for user in User.objects.filter(email__in=[one.email for one in WORKERS])}
    roles = {row.user_id: row for row in Membership.objects.filter(user__in=users.values(), until__isnull=True)}
    for worker in WORKERS:
        user = users.get(worker.email)
        if user is not None and user.pk in roles:
            role = roles[user.pk]
            desk = DESK_OF_ROLE[Membership.Role(role.role)]
            held = {sessions.MEMBERSHIP: str(role.pk)}
            listed.append(Persona(user.pk, _name(worker), about(worker.key), desk, held, PASSWORD))
    return listed


#: What there is to see in a minute, for the console; the README has the same.
TOUR: Final = (
    "Open the address, “Demo: choose who you are”, the mother in a village: her son's card stands on her page.",
    "“Choose” beside the diapers, open an offer: size, number and the whole price on one page. Order, check, send.",
    "“Choose who you are” again, the supplier: the order waits on top, the last day to promise is filled in. Accept.",
    "As the mother: the order shows how far it is; “Sent messages” has the code that she tells at the door.",
    "As an officer: what waits today, most urgent first. As the analyst: regions side by side.",
)


def tour() -> Iterator[str]:
    """A tour of 60 seconds, step by step."""
    yield from TOUR


def signins() -> Iterator[tuple[str, str, str]]:
    """Demo sign-ins for the console: desk, who, how."""
    for one in CITIZENS:
        if one.phone:
            yield "recipient", f"{one.given_name} ({one.key})", f"IIN {one.iin}, code on the page «sent messages»"
    for worker in WORKERS:
        desk = DESK_OF_ROLE[worker.role].value
        yield desk, worker.name_en, f"{worker.email} / {PASSWORD}, or the persona picker"
