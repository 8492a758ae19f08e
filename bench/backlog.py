"""Prints how many effects wait for the worker."""

import django

django.setup()

from tirek.core.case.effects import Effect  # noqa: E402 - after setup

if __name__ == "__main__":
    print(Effect.objects.filter(state=Effect.State.PENDING).count())
