"""`manage.py state_diagram`: the states of a version as a Mermaid diagram, drawn from the transitions themselves."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from articles.models import Version
from articles.states import VersionState
from articles.workflow import _nobody


class Command(BaseCommand):
    """The diagram of docs/architecture.md; a test holds the two together."""

    help = "Prints the states of a version and the steps between them as a Mermaid diagram."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(diagram())


def diagram() -> str:
    """The lines of the diagram, without a fence around them."""
    return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in _lines())])


def _lines() -> Iterator[str]:
    for state in VersionState:
        yield f'state "{state.label}" as {state.value}'
    yield f"[*] --> {VersionState.DRAFT.value}"
    steps = sorted(Version._meta.get_field("state").get_all_transitions(Version), key=_in_order)
    for step in steps:
        yield f"{step.source} --> {step.target}: {step.name}{_by(step)}"
    for state in VersionState:
        if all(step.source != state for step in steps):
            yield f"{state.value} --> [*]"


def _in_order(step: Any) -> tuple[int, int]:
    states = list(VersionState)
    return states.index(step.source), states.index(step.target)


def _by(step: Any) -> str:
    """Who takes the step when no person does it by hand."""
    if step.permission is _nobody:
        return " (the round alone)"
    return " (the round, or an editor)" if step.custom.get("by_the_round") else ""
