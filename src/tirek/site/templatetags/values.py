"""Values of the reference data in pages, as the public page of terms tells them."""

from django.template import Library

from tirek.site.told_values import value_in_words

register = Library()
register.filter("value_in_words", value_in_words)
