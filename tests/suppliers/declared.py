"""What the guards know of suppliers: who works for one."""

from tests import factories as make
from tests.kit.declared import Declared

from tirek.core.actors import Desk

DECLARED = Declared(
    roles={Desk.SUPPLIER: lambda world: world.supplier_actor},
    strangers={Desk.SUPPLIER: lambda _world: make.supplier_actor(make.supplier())},
    small=frozenset({"suppliers_supplier"}),
)
