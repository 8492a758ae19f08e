"""Forms over drafts. The same forms that the pages show check the answers at submit, so an answer has one parser."""

from tirek.ui.draftform.forms import CHECK, DraftForm
from tirek.ui.draftform.steps import Alone, Filled, Step, answers

__all__ = ["CHECK", "Alone", "DraftForm", "Filled", "Step", "answers"]
