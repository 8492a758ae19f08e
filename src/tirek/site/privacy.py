"""The text about personal data that a person agrees to."""

from typing import Final

#: Version of the text on the privacy page; a new one is asked for again at the next sign-in.
PRIVACY_VERSION: Final = "2026-11"
