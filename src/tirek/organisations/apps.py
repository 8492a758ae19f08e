from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Organisations and memberships."""

    name = "tirek.organisations"
    label = "organisations"

    def ready(self) -> None:
        """Make the notices of memberships known."""
        from tirek.organisations.messages import register_all

        register_all()
