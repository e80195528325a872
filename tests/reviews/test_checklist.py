"""The checklist and the confidential note: kept as they are given, frozen in the decision, told to few."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from content.schema import Content, DiagnosisText
from ledger.models import Event
from people.models import User
from reviews.models import Assignment, ChecklistItem, Decision, fingerprint
from tests import factories
from tests.factories import board_member, make_content, reread, sign
from tests.reviews.desks import HTMX, Asked, address, at_desk, signature, two_asked, whole

pytestmark = pytest.mark.django_db
KEYS = ["accuracy", "do-not-miss-complete", "references", "plain-text"]


def confirmation(assignment: Assignment, verdict: str = "approve") -> str:
    return address(assignment, f"sign/?verdict={verdict}&content_sha256={assignment.version.content_sha256}")


def test_approval_affirms_every_statement_without_a_click(two: Asked) -> None:
    assignment, _ = two
    client = at_desk(assignment.reviewer)
    text = client.get(confirmation(assignment)).content.decode()
    items = list(ChecklistItem.objects.asked())
    assert [item.key for item in items] == KEYS
    assert all(item.statement in text for item in items)
    assert "I have no conflict of interest" in text
    assert f'name="asked" value="{fingerprint(items)}"' in text
    client.post(address(assignment, "sign/"), signature(assignment, asked=fingerprint(items)))
    snapshot = Decision.objects.get().checklist
    assert [(each["key"], each["statement"], each["answer"]) for each in snapshot] == [
        (item.key, item.statement, "yes") for item in items
    ]


def test_text_without_words_for_patients_is_not_affirmed_to_have_the_right_ones() -> None:
    content = make_content()
    alone = [each.model_copy(update={"patient": DiagnosisText()}) for each in content.diagnoses]
    clinicians = content.model_dump() | {"presentation": {"clinician": "It wakes them."}, "diagnoses": alone}
    assignment, _ = two_asked(Content.model_validate(clinicians))
    client = at_desk(assignment.reviewer)
    page = BeautifulSoup(client.get(confirmation(assignment)).content, "lxml")
    chosen = {each["name"]: each["value"] for each in page.select(".statements input[type=radio][checked]")}
    assert [chosen[f"answer_{key}"] for key in KEYS] == ["yes", "yes", "yes", "na"]
    assert not page.select(".statement-note[open]")
    client.post(address(assignment, "sign/"), signature(assignment))
    assert [each["answer"] for each in Decision.objects.get().checklist] == ["yes", "yes", "yes", "na"]


def test_answers_are_kept_as_they_are_given_and_stand_in_the_decision(two: Asked) -> None:
    assignment, _ = two
    client = at_desk(assignment.reviewer)
    form = {"answer_references": "na", "note_references": " None is\u200b cited. ", "answer_nonsense": "no"}
    assert client.post(address(assignment, "note/"), form, headers=HTMX).content == b"Saved."
    client.post(address(assignment, "note/"), {"answer_accuracy": "yes"}, headers=HTMX)
    kept = Assignment.objects.get(pk=assignment.pk)
    assert kept.checklist["references"] == {"answer": "na", "note": "None is cited."}
    assert sorted(kept.checklist) == ["accuracy", "references"]
    assert "None is cited." in client.get(address(assignment)).content.decode()
    client.post(address(assignment, "sign/"), signature(assignment))
    assert [(each["answer"], each["note"]) for each in Decision.objects.get().checklist] == [
        ("yes", ""),
        ("yes", ""),
        ("na", "None is cited."),
        ("yes", ""),
    ]


@pytest.mark.parametrize("form", [{"answer_accuracy": "maybe"}, {"note_accuracy": "x" * 2_001}, {"note": "x" * 20_001}])
def test_answers_that_are_wrong_are_not_kept(two: Asked, form: dict[str, str]) -> None:
    assignment, _ = two
    assert at_desk(assignment.reviewer).post(address(assignment, "note/"), form, headers=HTMX).status_code == 422
    assert Assignment.objects.get(pk=assignment.pk).checklist == {}


def test_approval_with_a_no_is_refused_and_a_request_keeps_it(two: Asked) -> None:
    assignment, _ = two
    client = at_desk(assignment.reviewer)
    form: dict[str, Any] = signature(assignment, answer_accuracy="no", note_accuracy="The dose is wrong.")
    answer = client.post(address(assignment, "sign/"), form)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "You answered “no” to: What it says is correct. Request changes" in text
    assert "The dose is wrong." in text
    form = signature(assignment, "request_changes", note="Correct the dose.")
    assert client.post(address(assignment, "sign/"), form).status_code == 302
    assert Decision.objects.get().checklist == [
        {
            "key": "accuracy",
            "statement": "What it says is correct.",
            "answer": "no",
            "note": "The dose is wrong.",
        }
    ]


def test_signature_on_statements_that_were_changed_is_refused(two: Asked) -> None:
    assignment, _ = two
    form = signature(assignment, asked=fingerprint(ChecklistItem.objects.asked()))
    ChecklistItem.objects.add("Pictures are described.", by=factories.editor())
    answer = at_desk(assignment.reviewer).post(address(assignment, "sign/"), form)
    assert answer.status_code == 422
    assert "The checklist was changed while you read." in answer.content.decode()
    assert "Pictures are described." in answer.content.decode()


# Keeping the list


def test_statements_are_added_and_retired_and_never_reworded() -> None:
    editor, events = factories.editor(), Event.objects.count()
    client = at_desk(editor)
    assert client.post("/desk/checklist/", {"statement": " Doses are\tgiven. "}).status_code == 302
    item = ChecklistItem.objects.get(statement="Doses are given.")
    assert (item.key, item.position) == ("doses-are-given", 5)
    for wrong in ("doses are given.", " ", "x" * 301):
        assert client.post("/desk/checklist/", {"statement": wrong}).status_code == 422
    assert client.get("/desk/checklist/").content.decode().count("it cannot be taken back") == 5
    for _ in range(2):
        assert client.post(f"/desk/checklist/{item.pk}/retire/").status_code == 302
    assert ChecklistItem.objects.asked().count() == 4
    again = ChecklistItem.objects.add("Doses are given.", by=editor)
    assert again.key == "doses-are-given-2"
    kinds = ["checklist_item_added", "checklist_item_retired", "checklist_item_added"]
    assert list(Event.objects.order_by("seq").values_list("kind", flat=True)[events:]) == kinds
    for change in ({"statement": "Other words."}, {"key": "other"}, {"help": "other"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ChecklistItem.objects.filter(pk=item.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        item.delete()


def test_list_has_an_end_and_hostile_words_are_words(two: Asked) -> None:
    editor = factories.editor()
    statement = "<script>alert(1)</script>"
    ChecklistItem.objects.add(statement, by=editor)
    assert "<script>alert" not in at_desk(editor).get("/desk/checklist/").content.decode()
    assignment, _ = two
    for page in (address(assignment), confirmation(assignment)):
        assert "<script>alert" not in at_desk(assignment.reviewer).get(page).content.decode()
    for number in range(7):
        ChecklistItem.objects.add(f"No. {number}", by=editor)
    with pytest.raises(ValidationError):
        ChecklistItem.objects.add("One too many", by=editor)


def test_who_keeps_the_checklist() -> None:
    people = {200: [factories.editor(), factories.administrator()], 403: [factories.author(), board_member()]}
    for status, users in people.items():
        for user in users:
            assert at_desk(user).get("/desk/checklist/").status_code == status
            if status == 403:
                assert at_desk(user).post("/desk/checklist/1/retire/").status_code == 403
                with pytest.raises(PermissionDenied):
                    ChecklistItem.objects.add("One more", by=user)


# The confidential note


def test_confidential_note_is_read_by_editors_who_handle_the_version_alone(two: Asked) -> None:
    author = factories.author()
    author.grant("editor", by=None)
    both = board_member()
    both.grant("editor", by=None)
    assignments = two
    version = assignments[0].version
    secret = "between us only"
    form = signature(assignments[0], "request_changes", note="Correct it.", confidential_note=secret)
    at_desk(assignments[0].reviewer).post(address(assignments[0], "sign/"), form)
    assert Decision.objects.get().confidential_note == secret
    assert secret in whole(factories.editor(), version)
    factories.assign(version, [both])
    sign(assignments[1], "request_changes")
    readers = [assignments[0].reviewer, assignments[1].reviewer, version.article.owner, both]
    for user in readers:
        assert secret not in whole(User.objects.get(pk=user.pk), version)
    assert secret not in at_desk(assignments[0].reviewer).get(address(assignments[0])).content.decode()
    draft = factories.revise(reread(version).move("request_changes", by=factories.editor(), reason="Correct it."))
    writer = factories.editor(name="Wanda Writer")
    assert secret in whole(writer, version)
    draft.save_draft(factories.make_content("Hiccups by day"), by=writer, based_on=draft.revision)
    assert secret not in whole(User.objects.get(pk=writer.pk), version)


def test_what_is_confidential_is_not_in_the_ledger(two: Asked) -> None:
    """Nor in anything public: the marks in `tests/publications/world.py` see to that."""
    assignment, _ = two
    form = signature(assignment, confidential_note="between us only", note_accuracy="between us too")
    at_desk(assignment.reviewer).post(address(assignment, "sign/"), form)
    assert "between us" in str(Decision.objects.values_list("confidential_note", "checklist").get())
    assert "between us" not in " ".join(event.payload for event in Event.objects.all())
