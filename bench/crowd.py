"""People who read pages as people do: one after another with a moment between, coming back when they are told to; in a
process of its own.

Takes ``{"port", "seconds", "think", "readers": [[request, …], …]}`` on the standard input and prints what each answer
was: ``[[second in which it came, status, seconds of this ask, seconds since the page was first asked for], …]``; status
-1 is somebody who waits still at the end.
"""

import asyncio
import contextlib
import json
import sys
import time
from itertools import cycle
from random import Random  # moments of readers, no secrets

Answer = tuple[float, int, float, float]
_LONGEST = 60.0


async def _ask(port: int, request: bytes) -> tuple[int, float]:
    """Status (0 for none), and the seconds after which to come back."""
    try:
        async with asyncio.timeout(_LONGEST):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(request)
                data = await reader.read()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return 0, 1.0
    head, _gap, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    said = {name.strip().lower(): value.strip() for name, _colon, value in (one.partition(":") for one in lines[1:])}
    status = int(lines[0].split()[1]) if lines[0].startswith("HTTP/") else 0
    whole = not said.get("content-length", "").isdigit() or len(body) >= int(said["content-length"])
    return status if whole else 0, float(said.get("retry-after") or 1)


async def _read(
    port: int, requests: list[bytes], end: float, think: float, random: Random, began: float
) -> list[Answer]:
    """One reader until the end."""
    answers: list[Answer] = []
    await asyncio.sleep(random.random() * think)
    for request in cycle(requests):
        first = time.monotonic()
        while True:
            asked = time.monotonic()
            if asked >= end:
                if asked - first > think:
                    answers.append((asked - began, -1, 0.0, asked - first))
                return answers
            status, later = await _ask(port, request)
            now = time.monotonic()
            answers.append((now - began, status, now - asked, now - first))
            if status != 503:
                break
            # people do not come back in the same instant
            await asyncio.sleep(min(later * (0.8 + 0.4 * random.random()), max(end - now, 0)))
        await asyncio.sleep(think * (0.5 + random.random()))
    return answers


async def _all(told: dict[str, object]) -> list[Answer]:
    port, seconds, think = int(str(told["port"])), float(str(told["seconds"])), float(str(told["think"]))
    readers = told["readers"]
    assert isinstance(readers, list)
    began = time.monotonic()
    found = await asyncio.gather(
        *(
            _read(port, [one.encode("latin-1") for one in requests], began + seconds, think, moments, began)
            for requests, moments in zip(readers, map(Random, range(len(readers))), strict=True)
        )
    )
    return [answer for answers in found for answer in answers]


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        json.dump(asyncio.run(_all(json.load(sys.stdin))), sys.stdout)
