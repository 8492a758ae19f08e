"""Text messages by a gateway that speaks HTTP (``TIREK_SMS_URL``), whose contract is docs/reference/sms-gateway.md.

A gateway sends one message for one ``id``, however often it is asked. So what was asked for and not answered may be
asked for again, and nobody gets a message twice.
"""

import json
from typing import Final

import urllib3
from django.conf import settings
from urllib3.exceptions import HTTPError, ResponseError

from tirek.core.signing.messaging import Undeliverable
from tirek.notices.channels import NotNow, Outgoing

#: Seconds until a gateway is reached, and until it answers.
CONNECT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 10.0
#: Answers that refuse this message for good; every other refusal may be another one later.
FOR_GOOD: Final = frozenset({400, 404, 410, 413, 422, 451})
#: The id is known: the message was taken before.
KNOWN: Final = 409
_OK: Final = range(200, 300)
_POOL: Final = urllib3.PoolManager(
    timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS), retries=False, maxsize=4
)


def send(message: Outgoing) -> None:
    """Hand a text message to the gateway.

    Raises:
        Undeliverable: there is no gateway, or it refused the message for good.
        NotNow: it was not reached, did not answer in time, did not let us in, or asks to come back.
    """
    if not settings.TIREK_SMS_URL:
        raise Undeliverable("No gateway for text messages is set (TIREK_SMS_URL).")
    status = _post({"to": message.address, "text": message.text, "purpose": message.purpose}, message.reference)
    if status in _OK or status == KNOWN:
        return
    if status in FOR_GOOD:
        raise Undeliverable(f"The gateway refused the message ({status}).")
    raise NotNow(f"The gateway does not take messages now ({status}).")


def answer_to_nothing() -> int:
    """The status by which the gateway refuses a message without address and text, 0 where it does not answer: whether
    it is there and knows us, and nobody gets a message.
    """
    try:
        return _post({"to": "", "text": "", "purpose": "doctor"}, "")
    except NotNow:
        return 0


def _post(said: dict[str, str], reference: str) -> int:
    """The status by which the gateway answers; what else it says is not read.

    Raises:
        NotNow: there was no answer.
    """
    body = said | ({"id": reference} if reference else {})
    token = settings.TIREK_SMS_TOKEN
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    try:
        answer = _POOL.request(
            "POST",
            settings.TIREK_SMS_URL,
            body=json.dumps(body, ensure_ascii=False).encode(),
            headers=headers,
            redirect=False,
            preload_content=False,
        )
    except (HTTPError, ResponseError, OSError) as error:
        raise NotNow(f"The gateway did not answer ({type(error).__name__}).") from error
    status = int(answer.status)
    # the rest of an answer of any length is not waited for
    answer.close()
    return status
