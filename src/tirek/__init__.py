"""Tirek («тірек», support): the public system of social services for people with disabilities in Kazakhstan."""
