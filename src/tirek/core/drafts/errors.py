"""What is said when a draft cannot be gone on with."""

from django.utils.translation import gettext_lazy as _

from tirek.core.errors import DomainError, NotFound, RuleBroken


class DraftLost(NotFound):
    """The draft is not this actor's, or has gone."""

    def __init__(self) -> None:
        super().__init__(
            _("This form is not open for you any more."),
            next_step=_("Open your list of unfinished forms, or start a new one."),
        )


class HeldElsewhere(DomainError):
    """Somebody else holds the draft."""

    status = 409
    code = "held_elsewhere"
    next_step = _("Ask for it to be handed back to you.")

    def __init__(self, *, left_lying: bool = False) -> None:
        super().__init__(
            _("Somebody else is filling in this form now."),
            next_step=_("It was left lying: open the list of unfinished forms and take it back.")
            if left_lying
            else None,
        )


class FormChanged(RuleBroken):
    """The form was changed since the draft was begun: the person looks at the answers once more, then sends it
    again.
    """

    code = "form_changed"

    def __init__(self) -> None:
        super().__init__(
            _("This form was changed since you began. Check your answers once more."),
            next_step=_(
                "Look through the answers on this page, then press the button again. Everything you typed is kept."
            ),
        )
