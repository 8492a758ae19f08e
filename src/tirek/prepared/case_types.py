"""A prepared order is no case; but notices lead to it."""

from tirek.core.case.registry import register_address
from tirek.prepared.models import Prepared
from tirek.prepared.queries import address_of

register_address("prepared", Prepared, address_of)
