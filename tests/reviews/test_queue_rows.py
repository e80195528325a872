"""A row of the queue as it is drawn: nothing that people typed is taken for markup."""

from ddx_portal.templatetags.queue import queue_row
from people.rules import today
from reviews.desk_rows import Asked, Flag, Row

TYPED = '<b>"O\'Neil" & co</b>'
ESCAPED = "&lt;b&gt;&quot;O&#x27;Neil&quot; &amp; co&lt;/b&gt;"


def drawn(text: str, *, may_act: bool = True) -> str:
    people, flags = [Asked(text, answered=True), Asked(text, answered=False)], [Flag("label", "hash", text)]
    return queue_row(Row(f"/{text}", text, "draft", today(), [text], people, flags, 7, f"/{text}/peek/"), may_act)


def test_what_people_typed_is_text_in_every_place() -> None:
    html = drawn(TYPED)
    assert TYPED not in html
    assert "<b>" not in html
    assert html.replace(ESCAPED, "plain") == drawn("plain").replace(">P</span>", ">BB</span>")


def test_a_row_can_be_chosen_only_where_something_can_be_done_to_many() -> None:
    assert 'value="7"' in drawn("plain")
    assert "checkbox" not in drawn("plain", may_act=False)
