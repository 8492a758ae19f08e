"""How long the warranty of goods is, in pages."""

from django.template import Library

from tirek.catalogue.words import warranty_text

register = Library()
register.filter("warranty", warranty_text)
