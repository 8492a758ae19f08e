"""The ``tirek`` command. Commands are loaded when called for: most need the settings to be right, ``--help`` needs
nothing.
"""

import importlib
from typing import Final, cast

import click
from pydantic import ValidationError

from tirek.cli.problems import Problem, old_zone_data
from tirek.cli.ready import ready
from tirek.config import explain
from tirek.core import clock

#: name → (module that has it under the same name, does it work with Django's models, what it does)
_COMMANDS: Final = {
    "run": ("serving", False, "Prepare everything (tables, reference data, demo data once) and serve."),
    "serve": ("serving", False, "Serve: database, web and worker under one supervisor."),
    "web": ("serving", False, "The web server alone."),
    "worker": ("work", True, "The worker alone: deadlines, effects, notices, periodic jobs."),
    "prepare": ("prepare", True, "Tables, pages' files, reference data and, in demo mode, demo data."),
    "gather": ("prepare", True, "The files of the pages (scripts, styles, pictures), for a web server to give out."),
    "migrate": ("prepare", True, "Bring the tables up to date, as the owner role."),
    "demo": ("prepare", True, "Load the demo data (demo mode only)."),
    "scale": ("scale", True, "A country of people to measure on: load (demo mode only)."),
    "reference": ("reference", True, "Reference data: load, check."),
    "journal": ("journal", True, "The journal: verify, seal."),
    "figures": ("figures", True, "Figures of cases: check them against a recount, or count them anew."),
    "waiting": ("waiting", True, "How long people wait: check it against the journal, or count it anew."),
    "admin": ("administrators", True, "Administrators: create the first one, who enters everybody else."),
    "administrator": ("administrators", True, "Another name of admin create."),
    "import": ("imports", True, "Fill an installation from a file of organisations, people, programmes …"),
    "keys": ("keys", True, "The key ring: rotate."),
    "doctor": ("doctor", False, "Explain every setting and look at the health of this installation."),
    "backup": ("backups", False, "Write database and files into one archive."),
    "restore": ("backups", False, "Fill an empty installation from an archive."),
}


#: Commands whose name Python keeps for itself.
_FUNCTIONS: Final = {"import": "import_file"}
#: What would count terms by a wrong time.
_COUNTS_TIME: Final = frozenset({"run", "serve", "web", "worker", "prepare"})


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        module, needs_django, _ = _COMMANDS[cmd_name]
        if cmd_name in _COUNTS_TIME and not clock.knows_the_country():
            raise old_zone_data()
        if needs_django:
            ready()
        return cast(
            "click.Command", getattr(importlib.import_module(f"tirek.cli.{module}"), _FUNCTIONS.get(cmd_name, cmd_name))
        )

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in _COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except ValidationError as error:
            raise Problem(explain(error), command="tirek doctor") from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tirek")
def main() -> None:
    """Tirek: the public system of social services for people with disabilities.

    Settings come from the environment (TIREK_…); "tirek doctor" explains each.
    """
