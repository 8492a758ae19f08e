"""How what a line of a programme gives is provided where the person lives."""

from datetime import date

from tirek.catalogue.provision import Provided, provided
from tirek.entitlements.models import Line


def provided_of(line: Line, on: date) -> Provided:
    """How what a line gives is provided in the region of its programme on a day (programme and kind are loaded; no
    query).
    """
    return provided(line.kind, territory_code=line.programme.territory_code, on=on, channel=line.channel)
