"""Where the database of an installation is, for each of its two roles."""

from urllib.parse import unquote, urlsplit

from tirek.cli import embedded
from tirek.cli.problems import Problem
from tirek.config import Config


def serving(config: Config) -> str:
    """Address for the role that serves: reads and writes rows."""
    return config.database_url.get_secret_value() or embedded.address(config.var)


def serving_role(config: Config) -> str:
    """Name of the role that serves."""
    return unquote(urlsplit(serving(config)).username or "")


def owner(config: Config) -> str:
    """Address for the role that owns the tables.

    Raises:
        Problem: the database is not the embedded one, and the owner's address is not set.
    """
    known = config.database_owner_url.get_secret_value()
    if known:
        return known
    if config.database_url.get_secret_value():
        raise Problem(
            "TIREK_DATABASE_URL names the serving role; for this the owner's address is needed too.",
            command="export TIREK_DATABASE_OWNER_URL=postgresql://tirek_owner:PASSWORD@HOST:5432/tirek",
        )
    return embedded.address(config.var, embedded.OWNER)
