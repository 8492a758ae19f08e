"""What the guards know of suppliers: who works for one, and where it is paid."""

from tests import factories as make
from tests.kit.declared import Declared, Page

from tirek.core.actors import Desk

DECLARED = Declared(
    roles={Desk.SUPPLIER: lambda world: world.supplier_actor},
    strangers={Desk.SUPPLIER: lambda _world: make.supplier_actor(make.supplier())},
    pages={"suppliers:account": Page()},
    small=frozenset({"suppliers_bankaccount", "suppliers_supplier"}),
)
