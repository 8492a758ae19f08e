"""WSGI entrance for Granian."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from django.utils import translation

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tirek.settings")
application = get_wsgi_application()

# what every page needs is there before the first one, and the collector never walks through it again: it stopped a
# page for a fifth of a second
for _code, _name in settings.LANGUAGES:
    with translation.override(_code):
        translation.gettext("")
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
# a page of fifty rows makes ten thousand objects, hardly any of them in circles: to look through them every 700 took a
# twentieth of its time
gc.set_threshold(10_000, 10, 10)
