"""Reading what anybody may send."""

import json

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


class Unreadable(ValueError):
    """It is no JSON that we read."""


def json_of(text: str | bytes) -> Json:
    """The value of a JSON text.

    Raises:
        Unreadable: it is no JSON, nested deeper than Python goes, or holds a number of thousands of digits.
    """
    try:
        found: Json = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("no JSON") from error
    return found
