"""Settings of the bare view: the product's database and server, nothing else around the view."""

from tirek.settings import *  # noqa: F403 - the same database and pool

MIDDLEWARE: list[str] = []
ROOT_URLCONF = "bench.raw_urls"
INSTALLED_APPS: list[str] = []
