"""Demo data and demo sign-ins: made by the product's own actions, on synthetic people."""

from tirek.site.demo.load import load
from tirek.site.demo.who import personas, signins, tour

__all__ = ["load", "personas", "signins", "tour"]
