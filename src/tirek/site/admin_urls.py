"""Addresses of the administrator's and the analyst's desk."""

from django.urls import path

from tirek.site.views import (
    admin,
    admin_announcements,
    admin_calendar,
    admin_failures,
    admin_imports,
    admin_kinds,
    admin_organisations,
    admin_reference,
    admin_users,
)

app_name = "manage"

urlpatterns = [
    path("", admin.home, name="home"),
    path("preview", admin.preview, name="preview"),
    path("announcements", admin_announcements.list_all, name="announcements"),
    path("announcements/new", admin_announcements.new, name="new-announcement"),
    path("announcements/<uuid:key>", admin_announcements.one, name="announcement"),
    path("announcements/<uuid:key>/change", admin_announcements.change, name="change-announcement"),
    path("announcements/<uuid:key>/end", admin_announcements.end, name="end-announcement"),
    path("announcements/<uuid:key>/withdraw", admin_announcements.withdraw, name="withdraw-announcement"),
    path("failures", admin_failures.failures, name="failures"),
    *admin_kinds.urls(),
    path("reference", admin_reference.values, name="reference"),
    path("reference/<str:key>", admin_reference.value, name="value"),
    path("reference/<str:key>/new", admin_reference.new_version, name="new-version"),
    path("reference/<str:key>/withdraw/<uuid:version>", admin_reference.withdraw, name="withdraw-version"),
    path("calendar", admin_calendar.days, name="calendar"),
    path("calendar/new", admin_calendar.new_day, name="new-day"),
    path("calendar/import", admin_calendar.import_file, name="import-days"),
    path("calendar/<str:day>/withdraw", admin_calendar.withdraw, name="withdraw-day"),
    path("organisations", admin_organisations.organisations, name="organisations"),
    path("organisations/new", admin_organisations.new_organisation, name="new-organisation"),
    path("organisations/<uuid:key>", admin_organisations.organisation, name="organisation"),
    path("organisations/<uuid:key>/contact", admin_organisations.contact, name="organisation-contact"),
    path("organisations/<uuid:key>/register", admin_organisations.register, name="register-supplier"),
    path("organisations/<uuid:key>/account", admin_organisations.account, name="supplier-account"),
    path("organisations/<uuid:key>/invite", admin_organisations.invite, name="invite"),
    path("organisations/<uuid:key>/training", admin_organisations.training, name="training"),
    path("imports", admin_imports.imports, name="imports"),
    path("imports/<slug:code>", admin_imports.upload, name="import"),
    path("imports/<slug:code>/template", admin_imports.template, name="import-template"),
    path("imports/run/<uuid:key>", admin_imports.run, name="import-run"),
    path("users", admin_users.users, name="users"),
    path("users/<uuid:key>", admin_users.user, name="user"),
    path("users/<uuid:key>/roles", admin_users.give_role, name="give-role"),
    path("users/<uuid:key>/roles/<uuid:role>/end", admin_users.end_role, name="end-role"),
    path("users/<uuid:key>/invite-again", admin_users.invite_again, name="invite-again"),
    path("users/<uuid:key>/withdraw-invitation", admin_users.withdraw_invitation, name="withdraw-invitation"),
    path("users/<uuid:key>/block", admin_users.block, name="block"),
    path("users/<uuid:key>/unblock", admin_users.unblock, name="unblock"),
    path("users/<uuid:key>/second-step", admin_users.reset_factors, name="reset-factors"),
]
