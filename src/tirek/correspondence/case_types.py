"""Messages are no cases; but notices and files lead to them."""

from tirek.core.case.registry import register_address
from tirek.correspondence.models import Message
from tirek.correspondence.queries import address_of

register_address("message", Message, address_of)
