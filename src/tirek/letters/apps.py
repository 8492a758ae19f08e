from django.apps import AppConfig


class LettersConfig(AppConfig):
    """Notices by post, for people who use no phone and no e-mail: an envelope a day, printed, posted, returned."""

    name = "tirek.letters"
    label = "letters"
