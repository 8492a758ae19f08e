"""Settings of the bare view: the product's server and database, Django's own default middleware, none of the
product's.
"""

import os

from tirek.settings import *  # noqa: F403 - the same database and pool, and the applications of its tables

#: allauth does not start without its own, which does next to nothing
_DEMANDED = ["allauth.account.middleware.AccountMiddleware"]
#: what ``django-admin startproject`` puts there; with ``BENCH_NAKED`` nothing
MIDDLEWARE = (
    _DEMANDED
    if os.environ.get("BENCH_NAKED")
    else [
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        *_DEMANDED,
    ]
)
SESSION_ENGINE = "django.contrib.sessions.backends.db"
ROOT_URLCONF = "bench.raw_urls"
