"""Demand is no case, nor is a shortage; but notices lead to what they are about."""

from tirek.core.case.registry import register_address
from tirek.demand import shortages
from tirek.demand.models import Demand, Shortage
from tirek.demand.queries import address_of

register_address("demand", Demand, address_of)
register_address("shortage", Shortage, shortages.address_of)
