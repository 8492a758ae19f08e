"""Errors that are values of the domain: a translated sentence, what the person can do next, and an HTTP status.

``tirek.site.middleware.DomainErrorMiddleware`` is the one place that turns them into pages.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class DomainError(Exception):
    """Something the domain refuses, told in words.

    Attributes:
        message: what is wrong, in the reader's language.
        next_step: what the person can do now.
        code: stable name for journals, tests and the API.
        status: HTTP status of the page.
    """

    status = 422
    code = "refused"
    next_step: Text = _("Go back and check what you entered. Nothing you typed was lost.")

    def __init__(self, message: Text, *, next_step: Text | None = None, code: str | None = None) -> None:
        super().__init__(str(code or self.code))
        self.message = message
        if next_step is not None:
            self.next_step = next_step
        if code is not None:
            self.code = code


class NotAllowed(DomainError):
    """The actor may not do this here."""

    status = 403
    code = "not_allowed"
    next_step = _(
        "Go to your home page. If you think you should be able to do this, ask us: the foot of the page says how."
    )

    def __init__(self, message: Text | None = None, *, next_step: Text | None = None, code: str | None = None) -> None:
        super().__init__(message or _("You cannot do this with your present role."), next_step=next_step, code=code)


class NotFound(DomainError):
    """There is no such object, or not for this actor: the two look alike from outside."""

    status = 404
    code = "not_found"
    next_step = _("Check the number, or find it in the list on your home page.")

    def __init__(self, message: Text | None = None, *, next_step: Text | None = None) -> None:
        super().__init__(message or _("We could not find this."), next_step=next_step)


class StaleState(DomainError):
    """The case moved on meanwhile; ``state`` says where to."""

    status = 409
    code = "stale_state"
    next_step = _("Open the page again to see what changed, then decide.")

    def __init__(self, *, state: str, message: Text | None = None) -> None:
        super().__init__(message or _("This has changed since you opened the page."))
        self.state = state


class RuleBroken(DomainError):
    """A rule of the domain says no; the message names the rule and the reason in this case."""

    code = "rule_broken"


class Busy(DomainError):
    """Somebody else holds what is needed, longer than we wait."""

    status = 503
    code = "busy"
    next_step = _("Wait a few seconds and press the button again. It cannot be done twice.")

    def __init__(self, message: Text | None = None) -> None:
        super().__init__(message or _("The system is busy with the same item."))


class TooMany(DomainError):
    """A limit on repetitions is reached; ``retry_after`` is in seconds."""

    status = 429
    code = "too_many"

    def __init__(self, *, retry_after: int, message: Text | None = None, next_step: Text | None = None) -> None:
        super().__init__(
            message or _("This was tried too many times."),
            next_step=next_step or _("Wait a little and try again."),
        )
        self.retry_after = retry_after
