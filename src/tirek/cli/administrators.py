"""The command that makes the first administrator of an installation: ``admin create``, or ``administrator``."""

import click
from django.db import transaction
from django.utils import translation

from tirek.accounts.actions import passwords
from tirek.accounts.models import User
from tirek.cli.problems import Problem
from tirek.cli.progress import CONSOLE
from tirek.cli.supervisor import address, served
from tirek.config import config
from tirek.core import clock
from tirek.core.actors import CLOCK
from tirek.core.errors import DomainError
from tirek.core.identifiers import Bin, InvalidIdentifier
from tirek.core.reference import MissingReference
from tirek.organisations.actions import add_member, register_organisation
from tirek.organisations.models import Membership, Organisation
from tirek.organisations.queries import administrators


@click.command()
@click.argument("email")
@click.option("--bin", "number", required=True, help="BIN of the centre that runs the portal.")
@click.option("--name", required=True, help="Its name, as it stands on pages.")
@click.option("--again", is_flag=True, help="There is an administrator already; make one more.")
def administrator(*, email: str, number: str, name: str, again: bool) -> None:
    """Makes an administrator of the centre that runs the portal, and prints a link to set the password, once.

    The second step (app or security key) is connected at the first sign-in. Administrators enter everybody else; nobody
    needs this command a second time unless all of them are gone.
    """
    with served(config(), waiting=CONSOLE.print), translation.override("en"):
        if administrators() and not again:
            raise Problem(
                "There is an administrator already, who can enter others.",
                command=f"tirek admin create {email} --again …",
            )
        try:
            link, days = _made(email, Bin.parse(number), name), passwords.invitation_days()
        except InvalidIdentifier as refused:
            raise Problem(str(refused.message)) from refused
        except DomainError as refused:
            raise Problem(f"{refused.message} {refused.next_step}") from refused
        except MissingReference as missing:
            raise Problem("The reference data are not loaded yet.", command="tirek reference load") from missing
    click.echo(f"Set the password here, within {days} days; the link serves once:\n\n    {link}\n")
    click.echo(f"Then sign in at {address(config())}")


@click.group()
def admin() -> None:
    """Administrators of the centre that runs the portal."""


admin.add_command(administrator, "create")


@transaction.atomic
def _made(email: str, number: Bin, name: str) -> str:
    organisation = Organisation.objects.filter(bin=number.digits).first() or register_organisation(
        actor=CLOCK,
        kind=Organisation.Kind.CENTRE,
        number=number,
        name_kk=name,
        name_ru=name,
        name_en=name,
        active_from=clock.today(),
    )
    user = User.objects.filter(email=email.strip().lower()).first() or User.objects.create_user()
    add_member(actor=CLOCK, user=user, organisation=organisation, role=Membership.Role.ADMIN, since=clock.today())
    return passwords.invite_by_link(actor=CLOCK, user=user, email=email)
