"""Calls to other systems: a time limit on each, retries where they are safe, errors with a meaning.

Only HTTPS, or this machine. Redirects are not followed: an address that moved is a change for a human to look at.
"""

import ipaddress
import logging
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

log = logging.getLogger(__name__)

MAX_BYTES: Final = 20_000_000
_REPEATABLE: Final = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
_PASSING: Final = frozenset({429, 502, 503, 504})
_FIRST_ERROR: Final = 400


class OutgoingError(Exception):
    """A call to another system did not succeed.

    Attributes:
        host: the other system; never the path, which may carry personal data.
        may_have_arrived: the other side may have done what was asked.
    """

    def __init__(self, sentence: str, *, host: str, may_have_arrived: bool) -> None:
        super().__init__(f"{host}: {sentence}")
        self.host = host
        self.may_have_arrived = may_have_arrived


class ForbiddenAddress(OutgoingError):
    """The address is neither HTTPS nor on this machine."""


class Unreachable(OutgoingError):
    """No connection was made: nothing was sent."""


class TimedOut(OutgoingError):
    """No whole answer came in time."""


class BadAnswer(OutgoingError):
    """The answer broke off, is too long, or is not HTTP."""


class ErrorStatus(OutgoingError):
    """The other system answered with an error status.

    Attributes:
        status: HTTP status.
        body: the answer's body, for the caller to read; do not log it.
    """

    def __init__(self, *, host: str, status: int, body: bytes) -> None:
        super().__init__(f"status {status}", host=host, may_have_arrived=status not in {429, 503})
        self.status = status
        self.body = body


def request(
    method: str,
    url: str,
    *,
    timeout: float,
    retries: int = 2,
    repeatable: bool | None = None,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    json: object = None,
) -> httpx.Response:
    """One call, repeated up to ``retries`` times while that is safe.

    Args:
        method: HTTP method.
        url: ``https://…``, or ``http://`` on the loopback address.
        timeout: seconds for connecting, and for every wait after that.
        retries: how often to try again, with growing pauses.
        repeatable: may the same request arrive twice? By default as HTTP defines it for ``method``; a POST with an idempotency key may.
            What may not is tried again only when no connection was made.
        headers: further headers.
        content: body.
        json: body as JSON instead of ``content``.

    Raises:
        OutgoingError: one of its kinds, after the last try.
    """
    method = method.upper()
    parsed = httpx.URL(url)
    if parsed.scheme != "https" and not (parsed.scheme == "http" and _on_this_machine(parsed.host)):
        raise ForbiddenAddress("outgoing calls use HTTPS", host=parsed.host, may_have_arrived=False)
    safe = method in _REPEATABLE if repeatable is None else repeatable
    repeated = Retrying(
        retry=retry_if_exception(lambda error: _worth_another_try(error, repeatable=safe)),
        stop=stop_after_attempt(1 + retries),
        wait=wait_exponential_jitter(multiplier=0.2, max=5.0, jitter=0.2),
        before_sleep=_tell,
        reraise=True,
    )
    outgoing = _client().build_request(method, parsed, headers=headers, content=content, json=json, timeout=timeout)
    return repeated(_send, outgoing)


@lru_cache(maxsize=1)
def _client() -> httpx.Client:
    return httpx.Client(follow_redirects=False, headers={"User-Agent": "tirek"})


def _on_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _send(outgoing: httpx.Request) -> httpx.Response:
    host = outgoing.url.host
    try:
        response = _client().send(outgoing, stream=True)
        try:
            body = bytearray()
            for piece in response.iter_bytes():
                body += piece
                if len(body) > MAX_BYTES:
                    raise BadAnswer(f"the answer is longer than {MAX_BYTES} bytes", host=host, may_have_arrived=True)
        finally:
            response.close()
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise Unreachable("no connection", host=host, may_have_arrived=False) from error
    except httpx.TimeoutException as error:
        raise TimedOut("no answer in time", host=host, may_have_arrived=True) from error
    except httpx.HTTPError as error:
        raise BadAnswer(type(error).__name__, host=host, may_have_arrived=True) from error
    whole = httpx.Response(response.status_code, headers=_plain_headers(response), content=bytes(body), request=outgoing)
    if whole.status_code >= _FIRST_ERROR:
        raise ErrorStatus(host=host, status=whole.status_code, body=whole.content)
    return whole


def _plain_headers(response: httpx.Response) -> list[tuple[str, str]]:
    """Headers of the answer without those that speak of how it travelled: the body is unpacked already."""
    travel = {"content-encoding", "content-length", "transfer-encoding"}
    return [(name, value) for name, value in response.headers.multi_items() if name.lower() not in travel]


def _worth_another_try(error: BaseException, *, repeatable: bool) -> bool:
    if isinstance(error, Unreachable):
        return True
    if isinstance(error, ErrorStatus):
        return error.status in _PASSING and (repeatable or not error.may_have_arrived)
    return repeatable and isinstance(error, TimedOut | BadAnswer)


def _tell(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    log.info("outgoing call again after try %d: %s", state.attempt_number, error)
