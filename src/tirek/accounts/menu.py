"""Ways to the pages of sign-in."""

from tirek.ui import ways

ways.announce("sign-in", "accounts:sign-in")
ways.announce("sign-out", "accounts:sign-out")
