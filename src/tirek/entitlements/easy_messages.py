"""What people are told about their programme, in easy words: for who asked for short, simple sentences."""

from django.utils.translation import gettext_lazy as _

from tirek.notices.templates import say_easily

say_easily(
    "programme.on_portal",
    _(
        "You have a new programme. Now you can order. Order by {day:day}. Open the programme. There you see what "
        "you can get. Is it hard? Write to your department. Or call 1414. We order together with you.{after}"
    ),
)
say_easily(
    "term.reminder",
    _(
        "You have not ordered yet: {what}. Order by {day:day}. Is it hard? Write to your department. Or call 1414. "
        "We order together with you.{after}"
    ),
)
say_easily(
    "term.passed",
    _(
        "The time to order is over. The last day was {day:day}. You did not order: {what}. You have lost nothing. "
        "An officer of your department will contact you. You can also ask for more time."
    ),
)
