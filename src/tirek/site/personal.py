"""Registers without personal data, which the tables of retention name all the same."""

from tirek.core.personal import retention

retention.keeps("Regions, districts, towns and villages: no person is in them.", "territory.*")
retention.keeps("Offers of suppliers are a public register: no person is in them.", "catalogue.*")
