"""Signing: which bytes, by whom, by which strength; and short messages that carry codes."""

from tirek.core.signing.signing import (
    Document,
    Signature,
    Signer,
    confirm,
    digest,
    record_paper,
    request_code,
    signed,
)

__all__ = [
    "Document",
    "Signature",
    "Signer",
    "confirm",
    "digest",
    "record_paper",
    "request_code",
    "signed",
]
