"""What can go wrong around the product, each as a sentence and the command that helps."""

import click


class Problem(click.ClickException):
    """Something the operator can mend.

    Attributes:
        message: what is wrong, in one or two sentences.
        command: what to type now; "" when the sentence says it all.
    """

    exit_code = 2

    def __init__(self, message: str, *, command: str = "") -> None:
        super().__init__(message)
        self.command = command

    def format_message(self) -> str:
        """The sentence, and the command on a line of its own."""
        return f"{self.message}\n\n    {self.command}\n" if self.command else self.message
