"""Addresses of the whole product; each app brings its own."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from tirek.site.views import browser, public

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", public.health, name="health"),
    path("session/state", browser.state, name="session-state"),
    path("session/keep", browser.keep, name="session-keep"),
    path("drafts/<uuid:key>/fields", browser.save_draft, name="draft-fields"),
    path("", include("tirek.site.urls")),
    path("", include("tirek.ui.urls")),
]
for app in ("accounts", "notices", "files", "entitlements", "orders"):
    if find_spec(f"tirek.{app}.urls"):
        urlpatterns.append(path("", include(f"tirek.{app}.urls")))
