"""Addresses of what the portal tells everybody of itself."""

from django.urls import path

from tirek.insight.views import outcomes, prepared, readiness, supplier, waiting

app_name = "insight"

urlpatterns = [
    path("supply/figures", supplier.page, name="supplier"),
    path("waiting", waiting.page, name="waiting"),
    path("waiting/data.csv", waiting.data, {"ending": "csv"}, name="waiting-csv"),
    path("waiting/data.json", waiting.data, {"ending": "json"}, name="waiting-json"),
    path("waiting/schema.json", waiting.schema, name="waiting-schema"),
    path("prepared-orders", prepared.page, name="prepared"),
    path("prepared-orders/data.csv", prepared.data, name="prepared-csv"),
    path("orders-in-figures", outcomes.page, name="outcomes"),
    path("orders-in-figures/data.csv", outcomes.data, name="outcomes-csv"),
    path("readiness", readiness.regions, name="readiness"),
    path("readiness/<str:code>", readiness.of_region, name="readiness-of"),
]
