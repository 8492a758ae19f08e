"""Entrance for Granian: the door, and Django behind it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tirek.settings")
_django = get_wsgi_application()

from functools import partial  # noqa: E402 - after Django is made ready
from threading import Event  # noqa: E402

from django.conf import settings  # noqa: E402

from tirek.config import config  # noqa: E402
from tirek.core.service.door import Door  # noqa: E402
from tirek.core.service.pages import page_of  # noqa: E402
from tirek.status.keeping import keep_looking  # noqa: E402

application = Door(
    _django,  # type: ignore[arg-type]  # Django's entrance says less of its answer than WSGI promises
    threads=config().web_threads,
    proxies=config().proxies,
    name=settings.ALLOWED_HOSTS[0],
    pages=page_of,
    beside=partial(keep_looking, Event()),
)
