"""Addresses of the register of suppliers."""

from django.urls import path

from tirek.suppliers.views import account

app_name = "suppliers"

urlpatterns = [path("supply/account", account.account, name="account")]
