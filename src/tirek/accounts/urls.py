"""Addresses of signing in and out."""

from django.urls import path

from tirek.accounts.views import confirm, public, staff

app_name = "accounts"

urlpatterns = [
    path("sign-in/", public.sign_in, name="sign-in"),
    path("sign-in/code", public.code, name="code"),
    path("sign-in/code/new", public.new_code, name="new-code"),
    path("sign-in/demo", public.persona, name="persona"),
    path("sign-in/staff", staff.sign_in, name="staff-sign-in"),
    path("sign-in/second-step", staff.second_step, name="mfa"),
    path("sign-in/confirm", confirm.confirm, name="confirm"),
    path("sign-in/connect", staff.enrol, name="enrol"),
    path("sign-in/password", staff.forgotten, name="forgotten"),
    path("sign-in/password/sent", staff.link_sent, name="link-sent"),
    path("sign-in/password/<uuid:key>/<str:secret>", staff.new_password, name="new-password"),
    path("sign-out", public.sign_out, name="sign-out"),
    path("signed-out", public.signed_out, name="signed-out"),
    path("phone", public.phone, name="phone"),
]
