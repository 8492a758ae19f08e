"""Addresses of the entrance."""

from django.urls import path

from tirek.site.views import people, personal, public

app_name = "entrance"

urlpatterns = [
    path("", public.home, name="home"),
    path("help", public.help_page, name="help"),
    path("privacy", personal.privacy, name="privacy"),
    path("accessibility", public.accessibility, name="accessibility"),
    path("terms", public.terms, name="terms"),
    path("status", public.status, name="status"),
    path("welcome", people.welcome, name="welcome"),
    path("roles", people.roles, name="roles"),
    path("roles/use", people.use_role, name="use-role"),
    path("for-whom", people.for_whom, name="for-whom"),
    path("for-whom/use", people.use_person, name="use-person"),
    path("my-data", personal.my_data, name="my-data"),
    path("my-data/all", personal.everything, name="all-data"),
    path("my-data/export", personal.download, name="export"),
    path("my-data/consents/<uuid:key>", personal.consent, name="consent"),
]
