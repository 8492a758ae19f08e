"""Addresses of demand."""

from django.urls import path

from tirek.demand.views import asked, open_needs

app_name = "demand"

urlpatterns = [
    path("order/<uuid:line_key>/ask", asked.ask, name="ask"),
    path("order/<uuid:line_key>/need", asked.need, name="need"),
    path("demand/open", open_needs.listed, name="open"),
    path("demand", asked.asked_for, name="list"),
    path("demand/<uuid:key>/settled", asked.settle, name="settle"),
]
