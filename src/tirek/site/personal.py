"""Registers without personal data, which the tables of retention name all the same."""

from tirek.core.personal import retention

retention.keeps("Regions, districts, towns and villages: no person is in them.", "territory.*")
retention.keeps("Suppliers and their offers are public registers: no person is in them.", "suppliers.*", "catalogue.*")
