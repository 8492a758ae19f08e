"""Addresses of demand."""

from django.urls import path

from tirek.demand.views import asked

app_name = "demand"

urlpatterns = [
    path("order/<uuid:line_key>/ask", asked.ask, name="ask"),
    path("demand", asked.asked_for, name="list"),
]
