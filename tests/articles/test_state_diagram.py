"""The diagram in the documentation is the one that the code draws."""

from io import StringIO

from django.conf import settings
from django.core.management import call_command

BEGIN, END = "<!-- state diagram -->\n```mermaid\n", "```\n<!-- end of state diagram -->\n"


def drawn() -> str:
    said = StringIO()
    call_command("state_diagram", stdout=said)
    return said.getvalue()


def test_state_diagram_draws_every_step_once() -> None:
    lines = [line.strip() for line in drawn().splitlines()]
    assert "under_review --> approved: approve (the round alone)" in lines
    assert "approved --> retracted: retract" in lines
    assert len(lines) == len(set(lines)) == 26


def test_architecture_has_the_diagram_of_the_code() -> None:
    page = (settings.BASE_DIR / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert page.partition(BEGIN)[2].partition(END)[0] == drawn(), "put in what `manage.py state_diagram` prints"
