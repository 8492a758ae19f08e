"""Writes people who are about to order into a database, in bulk; prints their keys as JSON."""

import json
import sys
from datetime import date, timedelta
from decimal import Decimal

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402 - after setup
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402

from tirek.accounts.models import User  # noqa: E402
from tirek.catalogue.actions import OfferCard, Texts, VariantCard, publish_offer  # noqa: E402
from tirek.catalogue.models import Kind  # noqa: E402
from tirek.core import clock  # noqa: E402
from tirek.core.actors import CLOCK  # noqa: E402
from tirek.core.drafts import Cell, Draft  # noqa: E402
from tirek.entitlements.models import LedgerEntry, Line, Programme  # noqa: E402
from tirek.entitlements.rules import window_of  # noqa: E402
from tirek.orders.requests import FORM, FORM_VERSION  # noqa: E402
from tirek.people.models import Consent, Person  # noqa: E402
from tirek.site.privacy import PRIVACY_VERSION  # noqa: E402
from tirek.suppliers.models import Supplier  # noqa: E402

PLACE, OFFERS = "101000000", 40


def main(count: int) -> None:
    kind, supplier = Kind.objects.get(code="GI-01"), Supplier.objects.order_by("pk")[0]
    versions = []
    for n in range(OFFERS):
        texts = Texts(f"Б{n}", f"Б{n}", f"B{n}")
        parameters: dict[str, str | int | bool] = {"waist_min_cm": 60, "waist_max_cm": 120}
        card = OfferCard(
            texts, texts, "bench", "KZ", 5, [PLACE], [VariantCard("M", Decimal(200), 10_000_000, parameters)]
        )
        versions.append(
            publish_offer(actor=CLOCK, supplier=supplier, kind=kind, card=card).variants.select_related("current").get()
        )
    now, today = clock.now(), clock.today()
    start = Person.objects.count() + Programme.objects.count() + 1
    users = [
        User(iin=f"{n:012d}", phone="+77010000000", password="!", phone_since=now, first_signed_in_at=now)
        for n in range(start, start + count)
    ]
    User.objects.bulk_create(users, batch_size=1000)
    people = [
        Person(
            user=user,
            iin=user.iin or "",
            surname="Б",
            given_name=str(n),
            sort_key=str(n),
            birth_date=date(1980, 1, 1),
            sex="female",
            territory_id=PLACE,
            address="Абай көшесі 1",
        )
        for n, user in enumerate(users)
    ]
    Person.objects.bulk_create(people, batch_size=1000)
    Consent.objects.bulk_create(
        [
            Consent(
                person=person,
                purpose=Consent.Purpose.PRIVACY,
                text_version=PRIVACY_VERSION,
                channel="web",
                given_at=now,
            )
            for person in people
        ],
        batch_size=1000,
    )
    programmes = [
        Programme(
            number=f"B-{start + n}",
            state="active",
            person=person,
            territory_code=PLACE,
            issued_by="b",
            issued_on=today - timedelta(days=30),
            version=0,  # written in bulk, by no action: without a history to compare with
        )
        for n, person in enumerate(people)
    ]
    Programme.objects.bulk_create(programmes, batch_size=1000)
    lines = [
        Line(
            programme=one,
            person=one.person,
            kind=kind,
            quantity=365,
            window="quarter",
            year_quantity=1460,
            channel="portal",
            queue_on=today,
        )
        for one in programmes
    ]
    Line.objects.bulk_create(lines, batch_size=1000)
    window = window_of("quarter", today, programme_start=today)
    LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(
                line=line,
                window_start=window.start,
                window_end=window.end,
                kind="grant",
                amount=365,
                reserved=0,
                cause="window",
            )
            for line in lines
        ],
        batch_size=1000,
    )
    drafts, sessions, told = [], [], []
    for n, (user, person, programme, line) in enumerate(zip(users, people, programmes, lines, strict=True)):
        variant = versions[n % OFFERS]
        values = {
            "line": str(line.pk),
            "version": str(variant.current_id),
            "quantity": "30",
            "address": person.address,
            "phone": user.phone,
            "comment": "",
        }
        cells = {
            name: Cell(value=value, version=1, typed_at=now.isoformat(), by=str(user.pk))
            for name, value in values.items()
        }
        draft = Draft(
            form=FORM,
            form_version=FORM_VERSION,
            owner_id=user.pk,
            holder_id=user.pk,
            subject_id=person.pk,
            channel="web",
            fields=cells,
            version=1,
            expires_at=now + timedelta(days=9),
        )
        drafts.append(draft)
        store = SessionStore()
        store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), "tirek.accounts.backends.IdentityBackend"
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        store["person"], store["seen"], store["began"] = str(person.pk), int(now.timestamp()), int(now.timestamp())
        store._session_key = store._get_new_session_key()  # noqa: SLF001 - rows in bulk
        row = store.create_model_instance(store._get_session())  # noqa: SLF001 - as above
        sessions.append(row)
        told.append(
            {
                "draft": str(draft.pk), "line": str(line.pk), "person": str(person.pk), "user": str(user.pk),
                "programme": str(programme.pk),
                "version": str(variant.current_id), "variant": str(variant.pk), "session": row.session_key,
            }
        )  # fmt: skip
    Draft.objects.bulk_create(drafts, batch_size=1000)
    Session.objects.bulk_create(sessions, batch_size=1000)
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
