"""What people are told about their orders, in easy words: for who asked for short, simple sentences."""

from django.utils.translation import gettext_lazy as _

from tirek.notices.templates import say_easily

say_easily(
    "order.submitted",
    _(
        "We sent your order. You ordered: {what}. Now wait. The supplier must answer. It has {term} for that. We "
        "will write to you."
    ),
)
say_easily(
    "order.accepted",
    _(
        "The supplier said yes. You ordered: {what}. It comes by {day:day}. A courier brings it. First look at the "
        "goods. Then tell the courier your code: {code}. Tell the code to nobody else."
    ),
)
say_easily(
    "order.accepted_top_up",
    _(
        "The supplier said yes. You ordered: {what}. You must pay a part: {amount:tenge}. Pay it by {until:day}. "
        "Open the order. There you see where to pay. Do you not want to pay? Then do nothing. The order ends. You "
        "can choose something else."
    ),
)
say_easily(
    "order.declined",
    _("The supplier said no. You ordered: {what}. Reason: {why}. You have lost nothing. Choose another supplier now."),
)
say_easily(
    "order.lapsed",
    _("The supplier did not answer. You ordered: {what}. You have lost nothing. Choose another supplier now."),
)
say_easily(
    "order.on_the_way",
    _(
        "Your goods are on the way. You ordered: {what}. A courier brings it. First look at the goods. Then tell "
        "the courier your code: {code}. Tell the code to nobody else."
    ),
)
say_easily(
    "order.handed_over",
    _(
        "The supplier says that you have the goods. The goods: {what}. Open the order. Is all well? Then confirm "
        "it. Is something wrong? Then refuse."
    ),
)
say_easily(
    "order.confirm_reminder",
    _(
        "You have not answered yet. The goods: {what}. Open the order. Is all well? Then confirm it. Is something "
        "wrong? Then refuse. Is it hard? Write to your department. Or call 1414."
    ),
)
say_easily(
    "order.question",
    _("The supplier asks you something. You ordered: {what}. Open the order. Read the question. Answer it."),
)
say_easily(
    "order.late",
    _(
        "Your goods are late. You ordered: {what}. They had to come by {day:day}. You can wait. Or you can cancel "
        "the order. You lose nothing."
    ),
)
