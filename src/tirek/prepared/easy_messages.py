"""What people are told about prepared orders, in easy words: for who asked for short, simple sentences."""

from django.utils.translation import gettext_lazy as _

from tirek.notices.templates import say_easily

say_easily(
    "prepared.ready",
    _(
        "{why} We have prepared an order for you. It is the same as last time. Open it. Look at the price. Look at the "
        "address. Then send it. Last day: {until:day}. We order nothing without you."
    ),
)
say_easily(
    "prepared.choose",
    _("{why} Open it. Choose who brings it to you. Last day: {until:day}. We order nothing without you."),
)
