"""A country of people who order: the lives of ``lives`` copied as often as there are people, with the staff, suppliers
and offers that go with them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from django.apps import apps
from django.db import connection, models

from tirek.accounts.models import User
from tirek.catalogue.actions import write_offer_words
from tirek.catalogue.models import GuaranteedAmount, Offer, OfferVersion, Variant
from tirek.core import clock
from tirek.core.identifiers import check_digit, synthetic_iin
from tirek.core.sorting import sort_key
from tirek.entitlements.actions import corrections, programmes, requests, terms
from tirek.notices.models import ContactPoint, Notice, Route
from tirek.orders import actions as orders
from tirek.organisations.models import Organisation
from tirek.procurement.actions import needs
from tirek.reimbursements import actions as payments
from tirek.site.demo.country import lives
from tirek.site.demo.country.pattern import Numbers, Pattern, Rehearsal
from tirek.suppliers.models import Supplier
from tirek.territory.models import Level, Territory

#: People who are entitled to something, suppliers of the register, offers of one of them (portal.md).
PEOPLE: Final = 743_000
SUPPLIERS: Final = 800
OFFERS_EACH: Final = 75
#: Numbers of cases that one process gives.
NUMBERS_EACH: Final = 4_900_000
_AT_ONCE: Final = 1_000
_DAYS_OF_BIRTH: Final = 24_000
_FIRST_BIRTH: Final = date(1935, 1, 1)
#: How many regions a supplier reaches, by its place among all: of ten six one, three six, one every one.
_REACH: Final = (1, 1, 1, 1, 1, 1, 6, 6, 6, 0)

#: Letters of a series → its sequence.
SEQUENCES: Final = {
    one.prefix: one.sequence
    for one in (
        orders.NUMBERS,
        programmes.NUMBERS,
        requests.NUMBERS,
        terms.NUMBERS,
        corrections.NUMBERS,
        needs.PURCHASE_NUMBERS,
        payments.NUMBERS,
    )
}
#: Tables whose rows belong to a life.
TABLES: Final = (
    "accounts.User",
    "accounts.AccountEvent",
    "people.Person",
    "people.PersonEvent",
    "people.Consent",
    "people.Measurement",
    "people.Representation",
    "people.Needs",
    "notices.ContactPoint",
    "entitlements.Programme",
    "entitlements.Line",
    "entitlements.OrderingTerm",
    "entitlements.LedgerEntry",
    "entitlements.CorrectionRequest",
    "entitlements.Correction",
    "core.Draft",
    "core.Signature",
    "orders.Order",
    "orders.Delivery",
    "orders.Item",
    "procurement.Purchase",
    "reimbursements.Claim",
    "core.Deadline",
    "core.Event",
    "core.EventNote",
    "core.Effect",
    "notices.Notice",
)

SURNAMES: Final = (
    "Ахметов",
    "Әбенов",
    "Бейсенов",
    "Байжанов",
    "Досанов",
    "Ермеков",
    "Жұмабаев",
    "Ибраев",
    "Кәрімов",
    "Қасымов",
    "Мұсаев",
    "Нұрғалиев",
    "Оспанов",
    "Рахимов",
    "Сейітов",
    "Тілеубаев",
    "Үмбетов",
    "Хасенов",
    "Шәріпов",
    "Ысқақов",
    "Іскендіров",
    "Өтегенов",
    "Иванов",
    "Петров",
    "Ким",
    "Ли",
    "Шевченко",
    "Вагнер",
)
GIVEN: Final = (
    "Айгүл",
    "Әсел",
    "Бақыт",
    "Гүлнар",
    "Дана",
    "Ерлан",
    "Жанар",
    "Зәуре",
    "Индира",
    "Қайрат",
    "Ләззат",
    "Мәдина",
    "Нұрлан",
    "Ольга",
    "Перизат",
    "Руслан",
    "Сәуле",
    "Тимур",
    "Ұлжан",
    "Фатима",
    "Шолпан",
    "Ықылас",
)


@dataclass(frozen=True)
class Office:
    """Who answers for a district."""

    district: str
    organisation: str
    officer: str
    colleague: str


@dataclass(frozen=True)
class Shop:
    """A supplier with what it sells.

    Attributes:
        keys: its own key for each key of the demo's supplier whose goods it sells.
        reach: digits of the regions; every one when empty.
    """

    keys: Mapping[str, str]
    reach: frozenset[str]


@dataclass(frozen=True)
class Plan:
    """All that is needed to write people, by whichever process.

    Attributes:
        patterns: each with how many of 1,000 lives are this one.
        offices: of every district.
        shops: by the key of the demo's organisation whose goods they sell, then by region.
    """

    patterns: list[tuple[int, Pattern]]
    offices: list[Office]
    shops: dict[str, dict[str, list[Shop]]]


def models_of_lives() -> list[type[models.Model]]:
    """The tables of a life, in the order in which they are written."""
    return [apps.get_model(name) for name in TABLES]


Copy = Callable[[str, tuple[str, ...], str], None]


def copy_here(table: str, columns: tuple[str, ...], lines: str) -> None:
    """Write lines over the connection of this process."""
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as stream:
        stream.write(lines)


def prepare(share: float) -> Iterator[tuple[str, int | Plan]]:
    """Make staff and suppliers for a share of the country, act every life out once; the last is the plan."""
    offices = _offices()
    yield "offices", len(offices)
    shops, count = _shops(max(round(SUPPLIERS * share), 4))
    yield "offers", count
    yield "offers that are found by their words", sum(iter(write_offer_words, 0))
    yield "addresses", _contacts()
    patterns = [(life.weight, pattern_of(life)) for life in lives.LIVES]
    yield "lives", len(patterns)
    yield "plan", Plan(patterns, offices, shops)


def pattern_of(life: lives.Life) -> Pattern:
    """Act a life out, take what it wrote, and undo it."""
    rehearsal = Rehearsal(models_of_lives())
    with lives.undone():
        stage = lives.Stage()
        Notice.objects.filter(dispatched_at__isnull=True).update(dispatched_at=clock.now())
        rehearsal.begin()
        acted = lives.Acted(life, stage)
        people = acted.play()
        shared = {
            lives.PLACE: "district",
            f"{lives.PLACE[:2]}0000000": "region",
            str(stage.officer.organisation_id): "office",
            str(stage.officer.user_id): "officer",
            str(stage.colleague.user_id): "colleague",
        }
        for n, person in enumerate(people):
            shared |= {
                person.iin: f"iin {n}",
                person.surname: f"surname {n}",
                person.given_name: f"given {n}",
                person.patronymic: f"patronymic {n}",
                person.sort_key: f"sort {n}",
                person.address: f"address {n}",
                f"+7700999000{n}": f"phone {n}",
                lives.ACTED_BIRTH.isoformat(): "born",
            }
        for text in _keys_of_suppliers():
            shared[text] = f"shop {text}"
        return rehearsal.taken(shared)


def _demo_suppliers() -> list[Supplier]:
    return list(
        Supplier.objects.filter(
            organisation__memberships__user__email__in=["workshop@example.kz", "importer@example.kz"]
        )
        .select_related("organisation")
        .order_by("pk")
    )


def _keys_of_suppliers() -> dict[str, str]:
    """Keys of the demo's suppliers, their managers, offers, sizes and versions, each with that of its organisation."""
    found: dict[str, str] = {}
    for one in _demo_suppliers():
        owner = str(one.organisation_id)
        found |= {str(one.pk): owner, owner: owner}
        found |= {str(row.user_id): owner for row in one.organisation.memberships.all()}
        for offer in one.offers.filter(state=Offer.State.ACTIVE).prefetch_related("variants"):
            found[str(offer.pk)] = owner
            for variant in offer.variants.all():
                found |= {str(variant.pk): owner, str(variant.current_id): owner}
    return found


# --- staff


def _bin(n: int) -> str:
    """A synthetic BIN: another month of registration where none is issued for the first."""
    for month in range(1, 13):
        eleven = f"21{month:02d}40{n:05d}"
        last = check_digit(eleven)
        if last is not None:
            return f"{eleven}{last}"
    raise ValueError(f"No BIN is issued for {n}.")


def _copied(row: Any, **changed: object) -> Any:  # noqa: ANN401 - a row of any table
    """The same row again with a new key."""
    values = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields}
    values["id"] = type(row)._meta.pk.get_default()
    return type(row)(**{**values, **changed})


def _staff(organisation: Organisation, model: Organisation, mails: str) -> list[User]:
    """The same people as at another organisation, under addresses of their own."""
    made = []
    for n, row in enumerate(model.memberships.select_related("user").order_by("pk")):
        user = _copied(row.user, email=f"{mails}{n}@example.kz", phone="")
        user.save(force_insert=True)
        _copied(row, user_id=user.pk, organisation_id=organisation.pk).save(force_insert=True)
        made.append(user)
    return made


def _names(row: Organisation, tail: str) -> dict[str, object]:
    names = {f"name_{code}": f"{getattr(row, f'name_{code}')} {tail}" for code in ("kk", "ru", "en")}
    return {**names, **{f"sort_{code}": sort_key(str(names[f"name_{code}"])) for code in ("kk", "ru", "en")}}


def _offices() -> list[Office]:
    """An office with two officers in every district, and one of every region; those that are there stay."""
    kinds = Organisation.Kind
    there = {row.territory_id: row for row in Organisation.objects.filter(kind__in=Organisation.LOCAL_BODIES)}
    demo = {kinds.LOCAL_BODY_DISTRICT: there[lives.PLACE], kinds.LOCAL_BODY_REGION: there["100000000"]}
    found = []
    for n, place in enumerate(Territory.objects.order_by("code")):
        is_region = place.level == Level.REGION
        model = demo[kinds.LOCAL_BODY_REGION if is_region else kinds.LOCAL_BODY_DISTRICT]
        one = there.get(place.code)
        if one is None:
            one = _copied(model, bin=_bin(n), territory_id=place.code, **_names(model, place.name_ru))
            one.save(force_insert=True)
        if not is_region:
            staff = [row.user for row in one.memberships.select_related("user").order_by("pk")]
            if len(staff) < len(model.memberships.all()):
                staff += _staff(one, model, f"office{place.code}.")
            found.append(Office(place.code, str(one.pk), str(staff[0].pk), str(staff[1].pk)))
        elif not one.memberships.exists():
            _staff(one, model, f"region{place.code}.")
    return found


def _contacts() -> int:
    """Staff are known by their e-mail addresses from the beginning: else whoever is told first in a life adds them."""
    staff = User.objects.filter(memberships__isnull=False).exclude(email="").distinct()
    made = ContactPoint.objects.bulk_create(
        (
            ContactPoint(user_id=one.pk, channel=Route.EMAIL, address=one.email, language=one.language)
            for one in staff.exclude(pk__in=ContactPoint.objects.filter(channel=Route.EMAIL).values("user_id"))
        ),
        ignore_conflicts=True,
    )
    return len(made)


# --- suppliers and offers


def _shops(count: int) -> tuple[dict[str, dict[str, list[Shop]]], int]:
    """Suppliers with their offers: the demo's own, then copies of them, filled up with offers of every kind."""
    demo, regions = (
        _demo_suppliers(),
        sorted(Territory.objects.filter(level=Level.REGION).values_list("code", flat=True)),
    )
    kinds = sorted(set(GuaranteedAmount.objects.values_list("kind_id", flat=True)))
    by_region: dict[str, dict[str, list[Shop]]] = {
        str(one.organisation_id): {region[:2]: [] for region in regions} for one in demo
    }
    random, made, known = Random(7), 0, _keys_of_suppliers()  # noqa: S311 - not a secret: the same each time
    for owner, regions_of in by_region.items():
        own = Shop({text: text for text, whose in known.items() if whose == owner}, frozenset())
        for shops in regions_of.values():
            shops.append(own)
    for n in range(count):
        model = demo[n % len(demo)]
        size = _REACH[n % len(_REACH)] or len(regions)
        # of the first some reach everybody: in a share of the country, too, everything is sold everywhere
        reach = regions if n < len(demo) else random.sample(regions, size)
        shop, offers = _shop(model, n, reach, kinds, random)
        made += offers
        for region in reach:
            by_region[str(model.organisation_id)][region[:2]].append(shop)
    return by_region, made


def _shop(model: Supplier, n: int, reach: list[str], kinds: list[str], random: Random) -> tuple[Shop, int]:
    source = model.organisation
    organisation = _copied(source, bin=_bin(1000 + n), territory_id=None, **_names(source, f"№ {n + 1}"))
    organisation.save(force_insert=True)
    (user,) = _staff(organisation, source, f"supplier{n + 1}.")
    supplier = _copied(model, organisation_id=organisation.pk)
    supplier.save(force_insert=True)
    (manager,) = source.memberships.all()
    keys = {
        str(source.pk): str(organisation.pk),
        str(model.pk): str(supplier.pk),
        str(manager.user_id): str(user.pk),
    }
    offers, variants, versions = list[Offer](), list[Variant](), list[OfferVersion]()
    on_sale = model.offers.filter(state=Offer.State.ACTIVE)
    own = list(on_sale.prefetch_related("variants__current").order_by("pk"))
    for place in range(OFFERS_EACH):
        old = own[place % len(own)]
        first = place < len(own)
        changed = {} if first else {"kind_id": random.choice(kinds)}
        offer = _copied(old, supplier_id=supplier.pk, delivers_to=reach, **changed)
        offers.append(offer)
        for was in old.variants.all():
            version = _copied(was.current)
            variant = _copied(was, offer_id=offer.pk, current_id=version.pk, stock=random.choice((0, 40, 4000)))
            version.variant_id = variant.pk
            variants.append(variant)
            versions.append(version)
            if first:
                keys |= {
                    str(old.pk): str(offer.pk),
                    str(was.pk): str(variant.pk),
                    str(was.current_id): str(version.pk),
                }
    Offer.objects.bulk_create(offers)
    Variant.objects.bulk_create(_copied(one, id=one.pk, current_id=None) for one in variants)
    OfferVersion.objects.bulk_create(versions)
    Variant.objects.bulk_update(variants, ["current"])
    return Shop(keys, frozenset(region[:2] for region in reach)), len(offers)


# --- people


class People:
    """Writes people of a plan, from one number to another."""

    def __init__(self, plan: Plan, *, first: int, last: int, numbers: int) -> None:
        """``numbers``: the first number of a case; others give others."""
        self._plan, self._first, self._last = plan, first, last
        self.numbers = Numbers(numbers)
        self._random = Random(first)  # noqa: S311 - not a secret

    def write(self, copy: Copy) -> Iterator[int]:
        """Write them, telling how many are there so far."""
        weights = [weight for weight, _pattern in self._plan.patterns]
        patterns = [pattern for _weight, pattern in self._plan.patterns]
        for start in range(self._first, self._last, _AT_ONCE):
            lines: dict[str, list[str]] = {}
            columns: dict[str, tuple[str, ...]] = {}
            stop = min(start + _AT_ONCE, self._last)
            drawn = self._random.choices(patterns, weights, k=stop - start)
            if start == 0:
                # however few there are: each life once
                drawn[: len(patterns)] = patterns[: len(drawn)]
            for n, pattern in enumerate(drawn, start):
                columns |= pattern.columns
                for table, text in self._one(n, pattern):
                    lines.setdefault(table, []).append(text)
            for model in models_of_lives():
                table = model._meta.db_table
                if table in lines:
                    copy(table, columns[table], "".join(lines[table]))
            yield stop - self._first

    def _one(self, n: int, pattern: Pattern) -> Iterator[tuple[str, str]]:
        random, plan = self._random, self._plan
        # some places are larger than others
        office = plan.offices[int(len(plan.offices) * random.random() ** 2)]
        return pattern.filled(
            {**self._stage(office, pattern), **self._names(n, pattern)},
            shift=self._shift(pattern),
            random=random,
            number=self.numbers,
        )

    def _shift(self, pattern: Pattern) -> timedelta:
        """How much earlier: what waits for its end waits still, and no year is left."""
        room = (pattern.first_day - date(pattern.first_day.year, 1, 1)).days
        if pattern.waits_until is not None:
            room = min(room, (pattern.waits_until - clock.now()).days - 1)
        return timedelta(days=self._random.randrange(max(room, 0) + 1))

    def _stage(self, office: Office, pattern: Pattern) -> dict[str, str]:
        region = office.district[:2]
        given = {
            "district": office.district,
            "region": f"{region}0000000",
            "office": office.organisation,
            "officer": office.officer,
            "colleague": office.colleague,
        }
        chosen: dict[str, str] = {}
        for shops in self._plan.shops.values():
            there = shops[region]
            chosen |= there[int(len(there) * self._random.random() ** 2)].keys
        return given | {name: chosen.get(name[5:], name[5:]) for name in pattern.outer if name.startswith("shop ")}

    def _names(self, n: int, pattern: Pattern) -> dict[str, str]:
        random, found = self._random, dict[str, str]()
        born = _FIRST_BIRTH + timedelta(days=n % _DAYS_OF_BIRTH)
        found["born"] = born.isoformat()
        for place, sex in enumerate(lives.ACTED_SEX):
            if f"iin {place}" not in pattern.outer:
                break
            surname, given, other = random.choice(SURNAMES), random.choice(GIVEN), random.choice(GIVEN)
            found |= {
                f"iin {place}": synthetic_iin(born, sex, 200 + n // _DAYS_OF_BIRTH).digits,
                f"surname {place}": surname,
                f"given {place}": given,
                f"patronymic {place}": other,
                f"sort {place}": sort_key(f"{surname} {given} {other}"),
                f"address {place}": f"Абай көшесі {n % 190 + 1}, {n % 97 + 1}-пәтер",
                f"phone {place}": f"+7700{2_000_000 + place * 1_000_000 + n:07d}",
            }
        return found


def first_free_number() -> int:
    """A number after every one that a series of these lives has given in any year, also to what was taken back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(last_value) FROM pg_sequences WHERE schemaname = current_schema() AND sequencename = ANY(%s)",
            [list(SEQUENCES.values())],
        )
        (last,) = cursor.fetchone()
    return (last or 0) + 1


def give_numbers_after(last: Mapping[str, int]) -> None:
    """The series go on after the numbers that were written.

    Args:
        last: the greatest number that was given, by the letters and the year before it.
    """
    with connection.cursor() as cursor:
        for head, value in last.items():
            cursor.execute("SELECT setval(%s, %s)", [SEQUENCES[head.partition("-")[0]], value])
