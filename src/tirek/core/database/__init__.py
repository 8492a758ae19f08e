"""Rows, locks and limits close to PostgreSQL."""
