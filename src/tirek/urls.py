"""Addresses of the whole product; each app brings its own."""

from django.urls import URLPattern, URLResolver, include, path

from tirek.site.views import browser, public

handler400 = "tirek.site.views.public.unreadable"
handler500 = "tirek.site.views.public.failed"

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", public.health, name="health"),
    path("health/web", public.web_health, name="web-health"),
    path("session/state", browser.state, name="session-state"),
    path("session/keep", browser.keep, name="session-keep"),
    path("drafts/<uuid:key>/fields", browser.save_draft, name="draft-fields"),
    path("", include("tirek.site.urls")),
    path("manage/", include("tirek.site.admin_urls")),
    path("", include("tirek.ui.urls")),
    path("", include("tirek.accounts.urls")),
    path("", include("tirek.notices.urls")),
    path("", include("tirek.files.urls")),
    path("", include("tirek.people.urls")),
    path("", include("tirek.suppliers.urls")),
    path("", include("tirek.catalogue.urls")),
    path("", include("tirek.correspondence.urls")),
    path("", include("tirek.entitlements.urls")),
    path("", include("tirek.demand.urls")),
    path("", include("tirek.orders.urls")),
    path("", include("tirek.prepared.urls")),
    path("", include("tirek.letters.urls")),
    path("", include("tirek.aftercare.urls")),
    path("", include("tirek.reimbursements.urls")),
    path("", include("tirek.procurement.urls")),
    path("", include("tirek.parts.urls")),
    path("", include("tirek.insight.urls")),
    path("", include("tirek.desks.urls")),
]
