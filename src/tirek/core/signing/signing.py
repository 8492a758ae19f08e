"""Signing: what is signed is the hash of stored rendered bytes.

Party, on whose behalf, which text in which language, by which strength, when and on which device are kept. The first
strength is a one-time code sent to the phone on file; a signature on paper at the counter is recorded by the officer.
EDS comes behind the same table and the same ``Signature``. Source: domain handbook, signatures, rules 5, 10, 11.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.database import ratelimit
from tirek.core.errors import NotFound, RuleBroken, StaleState, Text, TooMany
from tirek.core.signing import codes, messaging
from tirek.core.tables import Row


class Signature(Row):
    """One signature, asked for or given."""

    class Strength(models.TextChoices):
        CODE = "code", _("one-time code")
        PAPER = "paper", _("signature on paper at the counter")
        EDS = "eds", _("electronic digital signature")

    class State(models.TextChoices):
        REQUESTED = "requested", _("waiting for the code")
        SIGNED = "signed", _("signed")
        FAILED = "failed", _("not signed")

    purpose = models.CharField(max_length=60)
    case_type = models.CharField(max_length=40)
    case_id = models.UUIDField()
    strength = models.CharField(max_length=10, choices=Strength.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    text = models.BinaryField(help_text="Exactly the bytes the person saw.")
    text_hash = models.BinaryField(max_length=32)
    text_version = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    signer_user_id = models.UUIDField()
    signer_person_id = models.UUIDField(null=True)
    on_behalf_of = models.UUIDField(null=True)
    recorded_by = models.UUIDField(
        help_text="Account that asked for it: the signer's own, or the officer's at the counter."
    )
    phone_end = models.CharField(max_length=4, blank=True, help_text="Last digits of the phone the code went to.")
    device = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=10)
    code_hash = models.BinaryField(max_length=32, default=b"")
    tries = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    paper_day = models.DateField(
        null=True, help_text="Day beside the signature on the sheet; empty for another way to sign."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="signed", signed_at__isnull=False) | (~Q(state="signed") & Q(signed_at__isnull=True)),
                name="core_signature_signed",
            ),
        ]
        indexes = [
            models.Index(fields=["case_type", "case_id"], name="core_signature_case"),
            models.Index(fields=["signer_person_id"], name="core_signature_signer"),
            models.Index(
                fields=["on_behalf_of"], name="core_signature_behalf", condition=Q(on_behalf_of__isnull=False)
            ),
        ]


@dataclass(frozen=True, slots=True)
class Document:
    """What is signed.

    Attributes:
        purpose: stable code of the act.
        case_type: type of the case it belongs to.
        case_id: the case.
        text: exactly what the person sees, in ``language``.
        version: version of the text's form.
        language: kk, ru or en.
        named: what it is, in a few words for the message with the code, in ``language``; nothing about health.
    """

    purpose: str
    case_type: str
    case_id: UUID
    text: str
    version: str
    language: str
    named: Text = ""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs.

    Attributes:
        user_id: account.
        phone: phone on file that may sign, E.164; "" when there is none.
        person_id: the person behind the account.
        on_behalf_of: the person who is represented.
    """

    user_id: UUID
    phone: str = ""
    person_id: UUID | None = None
    on_behalf_of: UUID | None = None


def _row(actor: Actor, document: Document, signer: Signer) -> Signature:
    return Signature(
        purpose=document.purpose,
        case_type=document.case_type,
        case_id=document.case_id,
        text=document.text.encode(),
        text_hash=digest(document.text),
        text_version=document.version,
        language=document.language,
        signer_user_id=signer.user_id,
        signer_person_id=signer.person_id,
        on_behalf_of=signer.on_behalf_of,
        recorded_by=actor.user_id or signer.user_id,
        device=actor.device,
        channel=actor.channel.value,
    )


def digest(text: str) -> bytes:
    """SHA-256 of the UTF-8 bytes."""
    return hashlib.sha256(text.encode()).digest()


def _code_purpose(purpose: str) -> str:
    return f"signing.{purpose}"


def request_code(actor: Actor, document: Document, signer: Signer) -> Signature:
    """Send a six-digit code to the signer's phone and keep the text that it will sign.

    Raises:
        RuleBroken: there is no phone on file.
            Or the message cannot leave now: the request has failed and is not counted.
        TooMany: six codes in an hour, or twenty in a day, for this signer.
    """
    if not signer.phone:
        raise RuleBroken(
            _("There is no phone on file that can receive a code."),
            next_step=_("Come to the office with your identity card, or sign on paper there."),
            code="no_phone",
        )
    try:
        ratelimit.hit("signing.code", str(signer.user_id), limits=codes.LIMITS)
    except TooMany as refused:
        raise TooMany(
            retry_after=refused.retry_after, message=_("Too many codes were asked for in the last hour.")
        ) from refused
    code = codes.new_code()
    signature = _row(actor, document, signer)
    signature.strength, signature.state = Signature.Strength.CODE, Signature.State.REQUESTED
    signature.phone_end, signature.expires_at = signer.phone[-4:], codes.ends_at()
    signature.code_hash = codes.hash_of(_code_purpose(document.purpose), signature.pk, code)
    signature.save(force_insert=True)
    message = messaging.ShortMessage(
        channel="sms",
        address=signer.phone,
        text=_message(actor, document, code),
        purpose=_code_purpose(document.purpose),
        user_id=signer.user_id,
    )
    try:
        messaging.send(message)
    except messaging.Undeliverable as error:
        signature.state = Signature.State.FAILED
        signature.save(update_fields=["state"])
        ratelimit.give_back("signing.code", str(signer.user_id), limits=codes.LIMITS)
        raise RuleBroken(
            _("The code could not be sent."),
            next_step=_("Try again later, or sign on paper at the office."),
            code="code_not_sent",
        ) from error
    return signature


def _message(actor: Actor, document: Document, code: str) -> str:
    """The message with the code: what it signs, and who may hear it."""
    if not document.named:
        words = _now(
            "Tirek: %(code)s is your signing code, valid for %(minutes)s minutes. Do not tell it to anyone on the "
            "phone."
        )
        return words % {"code": code, "minutes": codes.CODE_MINUTES}
    with translation.override(document.language):
        words = _now("Tirek: %(code)s signs: %(what)s. Valid for %(minutes)s minutes. Do not tell it to anyone.")
        if actor.desk is Desk.OFFICER:
            words = _now(
                "Tirek: %(code)s signs: %(what)s. Valid for %(minutes)s minutes. Tell it only to the officer with you."
            )
        return words % {"code": code, "what": document.named, "minutes": codes.CODE_MINUTES}


def _failed(message: object, *, code: str) -> RuleBroken:
    return RuleBroken(str(message), next_step=_("Ask for a new code."), code=code)


def _wrong() -> RuleBroken:
    return RuleBroken(
        _("This is not the code we sent."), next_step=_("Check the six digits in the message."), code="code_wrong"
    )


def _is_older(signature: Signature, code: str) -> bool:
    """Whether the code of an earlier message for the same act was typed."""
    before = Signature.objects.filter(
        purpose=signature.purpose,
        case_type=signature.case_type,
        case_id=signature.case_id,
        signer_user_id=signature.signer_user_id,
        strength=signature.strength,
        created_at__lt=signature.created_at,
        created_at__gt=signature.created_at - codes.REMEMBERED,
    ).exclude(state=Signature.State.SIGNED)
    hashes = before.order_by("-created_at").values_list("pk", "code_hash")[: codes.MOST_OLDER]
    return codes.is_of(hashes, _code_purpose(signature.purpose), code)


def confirm(actor: Actor, key: UUID, code: str, *, purpose: str, case_type: str, case_id: UUID) -> Signature:
    """Check the code; a right one signs. A wrong try is counted even when the caller's transaction ends in an error.

    Raises:
        NotFound: no such request for this actor, purpose and case.
        StaleState: it is signed already.
        RuleBroken: wrong or expired code, or too many tries; says what to do. What is no code at all, or that of an
            earlier message, is no try.
    """
    problem, code = None, codes.read_code(code)
    if not code:
        raise _wrong()
    with transaction.atomic():
        signature = (
            Signature.objects.select_for_update()
            .filter(pk=key, purpose=purpose, case_type=case_type, case_id=case_id)
            .filter(Q(signer_user_id=actor.user_id) | Q(recorded_by=actor.user_id))
            .first()
        )
        if signature is None or actor.user_id is None:
            raise NotFound
        if signature.state == Signature.State.SIGNED:
            raise StaleState(state=signature.state, message=_("This is signed already."))
        requested = Signature.objects.filter(pk=signature.pk, state=Signature.State.REQUESTED)
        if not codes.take_try(requested):
            raise _failed(_("The code is no longer valid."), code="code_expired")
        signature.tries += 1
        if codes.is_right(signature.code_hash, _code_purpose(purpose), signature.pk, code):
            signature.state, signature.signed_at = Signature.State.SIGNED, clock.now()
        elif _is_older(signature, code):
            codes.give_back_try(requested)
            problem = RuleBroken(
                _("This code is from an earlier message."),
                next_step=_("Type the six digits of the newest message."),
                code="code_older",
            )
        elif signature.tries >= codes.MAX_TRIES:
            signature.state = Signature.State.FAILED
            problem = _failed(_("The code was wrong five times."), code="code_failed")
        else:
            problem = _wrong()
        signature.save(update_fields=["state", "signed_at"])
    if problem is not None:
        raise problem
    return signature


def record_paper(actor: Actor, document: Document, signer: Signer, *, day: date | None = None) -> Signature:
    """Record that the person signed the printed text at the counter before ``actor`` (an officer), on the ``day`` that
    the sheet names (today).
    """
    now = clock.now()
    signature = _row(actor, document, signer)
    signature.strength, signature.state = Signature.Strength.PAPER, Signature.State.SIGNED
    signature.expires_at = signature.signed_at = now
    signature.paper_day = day or clock.today()
    signature.save(force_insert=True)
    return signature


def signed(key: UUID, *, purpose: str, case_id: UUID) -> Signature:
    """The given signature of this purpose on this case.

    Raises:
        RuleBroken: it is not signed, or belongs to something else.
    """
    found = Signature.objects.filter(pk=key, purpose=purpose, case_id=case_id, state=Signature.State.SIGNED).first()
    if found is None or digest(bytes(found.text).decode()) != bytes(found.text_hash):
        raise RuleBroken(_("This has not been signed yet."), next_step=_("Ask for a new code."), code="not_signed")
    return found
