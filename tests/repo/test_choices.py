"""What people choose between, and what a choice is called afterwards, is said in Kazakh and in Russian."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django import forms
from django.db.models.enums import Choices
from django.utils import translation

import tirek
from tirek.accounts.models import Language, OneTimeSecret, SignInEvent
from tirek.accounts.personal import OUTCOMES
from tirek.catalogue.models import Parameter
from tirek.core.actors import Channel
from tirek.core.case.effects import Effect

#: Never on a page; of a sign-in ``OUTCOMES`` tells what came of it.
UNSEEN = {OneTimeSecret.Kind, SignInEvent.Outcome, Parameter.Type, Effect.State}
#: The same in every language: a language by its own name, and what is called so by everybody.
NAMES = {*Language, Channel.API}


def _below(kind: type) -> Iterator[Any]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def _ours(kind: type) -> list[Any]:
    for module in pkgutil.walk_packages(tirek.__path__, "tirek."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found = {one for one in _below(kind) if one.__module__.startswith("tirek.")}
    return sorted(found, key=lambda one: f"{one.__module__}.{one.__qualname__}")


def _english_alone(labels: Iterable[object]) -> list[tuple[str, str]]:
    """Labels that are not said in a language, with it."""
    found = []
    for label in labels:
        with translation.override("en"):
            english = str(label)
        for language in ("kk", "ru"):
            with translation.override(language):
                if any(letter.isalpha() for letter in english) and str(label) == english:
                    found.append((language, english))
    return found


def test_label_of_a_choice__is_said_in_kazakh_and_russian() -> None:
    kinds = [one for one in _ours(Choices) if one not in UNSEEN]
    assert len(kinds) > 30, "the control: they are found"
    labels = [one.label for kind in kinds for one in kind if one not in NAMES]
    assert _english_alone(labels) == []


@pytest.mark.django_db
def test_choices_of_a_form__are_said_in_kazakh_and_russian() -> None:
    labels = [
        label
        for form in _ours(forms.BaseForm)
        for field in getattr(form, "base_fields", {}).values()
        if isinstance(field, forms.ChoiceField)
        for value, label in field.choices
        if value not in NAMES
    ]
    assert len(labels) > 50, "the control: they are found"
    assert _english_alone(labels) == []


def test_what_came_of_a_sign_in__has_words_for_each() -> None:
    assert set(OUTCOMES) == set(SignInEvent.Outcome)
    assert _english_alone(OUTCOMES.values()) == []


@pytest.mark.parametrize("label", ["Code Asked", "Bool"])
def test_guard__sees_a_label_that_is_english_alone(label: str) -> None:
    assert _english_alone([label]) == [("kk", label), ("ru", label)]
    assert _english_alone([Channel.WEB.label]) == []
