"""Demand is no case; but notices lead to what it is about."""

from tirek.core.case.registry import register_address
from tirek.demand.models import Demand
from tirek.demand.queries import address_of

register_address("demand", Demand, address_of)
