"""Many files at once: what is sent, what becomes of each, and that nothing is lost or doubled on the way."""

import io
import json
import threading
import time
import uuid
import zipfile
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from articles import taking_in
from articles.batch_files import FileState, IntakeFile
from articles.batches import IntakeBatch
from articles.codes import Icd10Code
from articles.intake.packed import Packed
from articles.models import Article, Fingerprint, Label, Version
from ledger.models import Event
from ledger.wording import tell
from people import permissions
from people.models import User
from reviews.eligibility import ReviewIneligibility
from tests import factories
from tests.articles.test_import_articles import PAGE
from tests.reviews.desks import at_desk

NOT_ONE = "Minutes of a meeting.\n\nNothing about medicine."


@pytest.fixture
def house(db: None) -> User:
    Icd10Code.objects.create(code="R06.6", title="Hiccough", is_billable=True, release="2026-04")
    return factories.author(email="house@example.org", name="House Author")


@pytest.fixture
def chief(db: None) -> User:
    return factories.editor(name="Ed")


def page(title: str) -> bytes:
    return PAGE.format(title=title).encode()


def begin(house: User, chief: User, files: dict[str, bytes], **chosen: Any) -> IntakeBatch:
    packed = [Packed(name, data) for name, data in files.items()]
    return IntakeBatch.objects.begin(packed, by=chief, key=uuid.uuid4(), author=house, **chosen)


def states(batch: IntakeBatch) -> list[str]:
    return list(batch.files.order_by("pk").values_list("state", flat=True))


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


# Taking in


def test_each_file_becomes_an_article_of_the_house_author(house: User, chief: User) -> None:
    chosen = {"specialty": "Neurologic", "priority": 2, "labels": ["House", "campaign 7"]}
    batch = begin(house, chief, {"a.md": page("Hiccups"), "b.txt": NOT_ONE.encode(), "c.md": page("Cramps")}, **chosen)
    assert taking_in.go_on() == 3
    first, second, third = batch.files.order_by("pk")
    assert [first.state, second.state, third.state] == ["imported", "refused", "imported"]
    assert (second.line, second.reason[:50], second.article) == (
        1,
        "no heading such as “Single Most Likely Diagnosis” ",
        None,
    )
    assert [each.data is None for each in (first, second, third)] == [True, False, True]
    article = first.article
    assert article
    assert (article.owner, article.priority, article.specialty) == (house, 2, "Neurologic")
    assert {str(label) for label in article.labels.all()} == {"House", "campaign 7"}
    told = [tell(event) for event in Event.objects.filter(article_id=article.pk).select_related("actor")]
    assert [each.sentence for each in told] == [
        "House Author started version 1",
        "Ed took it in from the file a.md",
        "Ed set the priority to High",
        "Ed labelled it House, campaign 7",
    ]
    assert taking_in.go_on() == 0


def test_what_is_complete_is_submitted_and_the_rest_says_why(house: User, chief: User) -> None:
    files = {"whole.md": page("Hiccups"), "half.md": page("Cramps").replace(b"R06.6", b"R99.99")}
    batch = begin(house, chief, files, to_submit=True, origin="ai_drafted", ai_tool="Example Model 1")
    taking_in.go_on()
    whole, half = batch.files.order_by("pk")
    assert (whole.state, half.state) == (FileState.SUBMITTED, FileState.INCOMPLETE), (whole.missing, half.missing)
    version = Version.objects.get(article=whole.article)
    assert (version.state, version.origin, version.ai_tool, version.author) == (
        "submitted",
        "ai_drafted",
        "Example Model 1",
        house,
    )
    assert half.missing == ["R99.99 is not in the stored release of ICD-10-CM."]
    assert Version.objects.get(article=half.article).is_draft


def test_same_text_is_taken_in_once_unless_asked(house: User, chief: User) -> None:
    batch = begin(house, chief, {"a.md": page("Hiccups"), "b.md": page("Hiccups")})
    taking_in.go_on()
    later = begin(house, chief, {"c.md": page("Hiccups")})
    taking_in.go_on()
    first, second = batch.files.order_by("pk")
    third = later.files.get()
    assert (second.state, third.state) == (FileState.KNOWN, FileState.KNOWN)
    assert second.article == third.article == first.article
    third.take_all_the_same(by=chief)
    wanted = begin(house, chief, {"d.md": page("Hiccups")}, is_doubling=True)
    taking_in.go_on()
    assert states(later) == states(wanted) == ["imported"]
    doubled: Any = wanted.files.with_twins().get()
    assert doubled.twin_percent == 100
    assert Article.objects.count() == 3


def test_another_authors_near_same_text_is_told(house: User, chief: User) -> None:
    other = factories.make_version("submitted", content=factories.make_content("Hiccups"))
    batch = begin(house, chief, {"a.md": page("Hiccups")})
    taking_in.go_on()
    file: Any = batch.files.with_twins().double().get()
    assert (file.state, file.twin_pk, file.twin_slug) == (FileState.IMPORTED, other.article_id, other.article.slug)
    assert Fingerprint.objects.get(version=other).closest == Version.objects.get(article__owner=house)


@pytest.mark.parametrize(
    ("leave", "why"), [("chief", "is no editor any more"), ("house", "is neither an author nor an editor any more")]
)
def test_who_has_left_takes_nothing_in(house: User, chief: User, leave: str, why: str) -> None:
    batch = begin(house, chief, {"a.md": page("Hiccups")})
    (chief if leave == "chief" else house).deactivate(by=factories.administrator())
    taking_in.go_on()
    file = batch.files.get()
    assert (file.state, why in file.reason, file.data is None) == ("refused", True, False)
    assert not Article.objects.exists()


def test_fault_in_one_file_stops_no_other(house: User, chief: User, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = begin(house, chief, {"a.md": page("Hiccups"), "b.md": page("Cramps")}, labels=["x"])

    mark = taking_in._mark

    def fail_once(*args: Any, **options: Any) -> Any:
        monkeypatch.setattr("articles.taking_in._mark", mark)
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("articles.taking_in._mark", fail_once)
    taking_in.go_on()
    assert states(batch) == ["refused", "imported"]
    assert "failed on this file" in batch.files.order_by("pk")[0].reason
    assert batch.retry(by=chief) == 1
    taking_in.go_on()
    assert states(batch) == ["imported", "imported"]


def test_file_that_ends_the_process_is_given_up(house: User, chief: User, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = begin(house, chief, {"a.md": page("Hiccups"), "b.md": page("Cramps")})

    def die(*args: Any, **options: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(taking_in, "page_of", die)
        for _ in range(taking_in.MOST_ATTEMPTS):
            with pytest.raises(KeyboardInterrupt):
                taking_in.go_on()
    taking_in.go_on()
    assert states(batch) == ["refused", "imported"]
    assert "ended the import again and again" in batch.files.order_by("pk")[0].reason


def test_files_wait_stop_and_are_dropped(house: User, chief: User) -> None:
    batch = begin(house, chief, {"a.md": page("Hiccups"), "b.txt": b"", "c.md": page("Cramps")})
    taking_in.work_on(batch, until=time.monotonic())
    assert states(batch) == ["waiting"] * 3
    assert batch.stop(by=chief) == 3
    assert taking_in.go_on() == 0
    assert batch.retry(by=chief) == 3
    taking_in.go_on()
    assert states(batch) == ["imported", "refused", "imported"]
    refused = batch.files.get(state="refused")
    other = factories.editor()
    refused.send_again(page("Tremor"), by=other)
    taking_in.go_on()
    assert states(batch) == ["imported"] * 3
    brought = batch.files.order_by("pk").values_list("article__handed_in_by", flat=True)
    assert list(brought) == [chief.pk, other.pk, chief.pk]
    assert Event.objects.filter(kind="taken_in").order_by("-seq")[0].actor == other
    with pytest.raises(PermissionDenied):
        refused.send_again(page("Tremor"), by=chief)
    for act in (batch.stop, batch.retry, batch.drop):
        with pytest.raises(PermissionDenied):
            act(by=house)


def test_promise_3_who_handed_texts_in_does_not_review_them(house: User, chief: User) -> None:
    chief.grant("reviewer", by=None)
    begin(house, chief, {"a.md": page("Hiccups")})
    begin(chief, chief, {"b.md": page("Cramps")})
    taking_in.go_on()
    for_another, own = Article.objects.order_by("pk")
    assert (for_another.handed_in_by, own.handed_in_by) == (chief, None)
    whether = Version.objects.order_by("pk").values_list(ReviewIneligibility(chief.pk, "pk"), flat=True)
    assert list(whether) == ["handed_in", "author"]
    assert permissions.may_handle(chief, for_another.latest)


# Sending


def send(client: Client, house: User, *files: SimpleUploadedFile, **said: Any) -> Any:
    form = {"uploads": list(files), "author": str(house.pk), "priority": "3", "to_submit": "draft", "origin": "human"}
    return client.post("/desk/intake/", form | {"key": str(uuid.uuid4())} | said)


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_files_and_archives_are_sent_and_reported(house: User, chief: User) -> None:
    client = at_desk(chief)
    archive = zipped(
        {
            "all/a.md": page("Hiccups"),
            "all/b.txt": NOT_ONE.encode(),
            "all/.hidden.md": b"",
            "photo.jpg": b"",
            "~$b.docx": b"",
        }
    )
    said = {"text": page("Cramps").decode(), "labels": "House", "specialty": "Neurologic", "priority": "1"}
    answer = send(client, house, upload("all.zip", archive), upload("c.md", page("Hiccups")), **said)
    assert answer.status_code == 302
    batch = IntakeBatch.objects.get()
    here = f"/desk/intake/{batch.pk}/"
    assert "1 of 5 files dealt with" in client.get(here).content.decode()
    assert "HX-Refresh" not in client.get(here, headers={"HX-Request": "true"}).headers
    taking_in.go_on()
    assert client.get(here, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    names = {file.name: file.state for file in batch.files.all()}
    assert names == {
        "all.zip/all/a.md": "imported",
        "all.zip/all/b.txt": "refused",
        "all.zip/photo.jpg": "refused",
        "c.md": "already_imported",
        "pasted page.txt": "imported",
    }
    shows = {"": 5, "taken": 2, "failed": 2, "double": 1, "waiting": 0, "doubtful": 0, "nonsense": 5}
    for show, count in shows.items():
        text = client.get(here, {"show": show}).content.decode()
        assert text.count('class="file-name"') == count, show
    assert "5 files for" in (intake := client.get("/desk/intake/").content.decode())
    assert "2 taken in, 1 here already, 2 no article<" in intake
    assert "<summary" in client.get(here).content.decode().partition("Drop the files")[0].rpartition("<details")[2]
    lines = b"".join(client.get(f"{here}report.csv").streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 6
    assert 'all.zip/photo.jpg,No article,1,"passed over: not .txt, .md or .docx"' in "\n".join(lines)
    assert "Passed over: not .txt, .md or .docx." in client.get(here).content.decode()
    assert 'all.zip/all/b.txt,No article,1,"no heading such as' in "\n".join(lines)
    refused = batch.files.get(state="refused", data__isnull=False)
    got = client.get(f"/desk/intake/files/{refused.pk}/")
    assert b"".join(got.streaming_content) == NOT_ONE.encode()  # type: ignore[attr-defined]
    assert got.headers["Content-Disposition"] == 'attachment; filename="b.txt"'
    assert got.headers["Content-Type"] == "application/octet-stream"
    again = f"/desk/intake/files/{refused.pk}/again/"
    assert "Line 1" in client.get(again).content.decode()
    assert client.post(again, {"file": upload("b.txt", page("Tremor"))}).status_code == 302
    known = batch.files.get(state="already_imported")
    assert client.post(f"/desk/intake/files/{known.pk}/take/").status_code == 302
    assert client.post(f"{here}add/", {"uploads": [upload("d.md", page("Vertigo"))], "text": ""}).status_code == 302
    taking_in.go_on()
    assert sorted(states(batch)) == ["imported"] * 5 + ["refused"]
    assert client.get(f"/desk/intake/files/{known.pk}/").status_code == 404
    for verb in ("stop", "retry", "drop"):
        assert client.post(f"{here}{verb}/").status_code == 302
    assert "for House Author: 5 taken in" in client.get("/desk/intake/").content.decode()


@pytest.mark.parametrize("to_submit", [True, False])
def test_words_of_doubts_and_of_a_twin_stand_in_the_row(house: User, chief: User, to_submit: bool) -> None:
    text = page("Hiccups") + b"- **A STROKE**: It must not be missed.\n"
    batch = begin(house, chief, {"a.md": text}, to_submit=to_submit, origin="ai_drafted", ai_tool="Example Model 1")
    taking_in.go_on()
    file = batch.files.get()
    assert file.state == (FileState.SUBMITTED if to_submit else FileState.IMPORTED)
    other = factories.make_version("submitted", content=factories.make_content("Hiccups at sea"))
    Fingerprint.objects.filter(version__article=file.article).update(closest=other, percent=80)
    said = at_desk(chief).get(f"/desk/intake/{batch.pk}/").content.decode()
    assert "stands on this page more than once." in said
    assert ">Hiccups at sea</a>, 80% the same" in said
    assert ("Look at them in the draft" in said) is not to_submit


def test_sent_twice_it_is_one_batch(house: User, chief: User) -> None:
    client, key = at_desk(chief), str(uuid.uuid4())
    for _ in range(2):
        assert send(client, house, upload("a.md", page("Hiccups")), key=key).status_code == 302
    assert IntakeFile.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"author": ""}, "Choose the author"),
        ({"to_submit": "submit", "origin": "ai_drafted"}, "Name the AI tool"),
        ({"to_submit": "submit", "ai_tool": "Example Model"}, "You chose “written by a person”"),
        ({"labels": "x" * 41}, "at most 40 characters"),
        ({"labels": ",".join(f"l{n}" for n in range(90))}, "at most 20 labels"),
        ({"uploads": []}, "Choose at least one file"),
        ({"priority": "17"}, "17 is not one of the available choices"),
        ({"key": "nonsense"}, "valid UUID"),
    ],
)
def test_form_says_what_is_wrong(house: User, chief: User, said: dict[str, Any], why: str) -> None:
    files = said.pop("uploads", [upload("a.md", page("Hiccups"))])
    answer = send(at_desk(chief), house, *files, **said)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not IntakeBatch.objects.exists()


def test_nothing_is_submitted_without_a_disclosure(chief: User) -> None:
    house = factories.make_person(roles=["author"])
    answer = send(at_desk(chief), house, upload("a.md", page("Hiccups")), to_submit="submit", origin="human")
    assert "disclosure of interests is missing" in answer.content.decode()


def test_own_articles_are_not_put_first(chief: User) -> None:
    chief.grant("author", by=None)
    own = at_desk(chief)
    assert "another editor says" in send(own, chief, upload("a.md", page("Hi")), priority="1").content.decode()
    assert send(own, chief, upload("a.md", page("Hi"))).status_code == 302
    taking_in.go_on()
    assert Article.objects.get().owner == chief


def lying(data: bytes) -> bytes:
    """An archive whose only file says that it is small."""
    return data.replace((20_000_000).to_bytes(4, "little"), (9).to_bytes(4, "little"))


def locked(data: bytes) -> bytes:
    """An archive whose only file says that it has a password."""
    at = data.index(b"PK\x01\x02") + 8
    return data[:at] + b"\x01" + data[at + 1 :]


@pytest.mark.parametrize(
    ("archive", "why"),
    [
        (b"", "no archive that can be read"),
        (b"PK\x03\x04 and no more", "no archive that can be read"),
        (zipped({"photo.jpg": b"x"}), "no .txt, .md or .docx file"),
        (zipped({"../../etc/passwd.md": b"x"}), "leads out of the archive"),
        (zipped({"/root/a.md": b"x"}), "leads out of the archive"),
        (zipped({"..\\a.md": b"x"}), "leads out of the archive"),
        (zipped({"c:\\a.md": b"x"}), "leads out of the archive"),
        (zipped({"inner.zip": zipped({"a.md": b"x"})}), "an archive inside the archive"),
        (zipped({"bomb.md": bytes(9_000_000)}), "unpacks to far more"),
        (zipped({"large.md": bytes(20_000_000)}), "larger than 10 MB"),
        (lying(zipped({"large.md": bytes(20_000_000)})), "damaged inside the archive"),
        (locked(zipped({"a.md": b"x"})), "locked with a password"),
        (zipped({f"{n}.md": b"" for n in range(2_001)}), "has 2,001 articles"),
        (zipped({"a.md": b"\x00" * 50}), "binary data"),
        (zipped({"a\x1b[2J\u202e.docx": b"x"}), "no Word document"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else value,
)
def test_hostile_archives_are_refused_in_words(house: User, chief: User, archive: bytes, why: str) -> None:
    client = at_desk(chief)
    assert send(client, house, upload("a.zip", archive)).status_code == 302
    taking_in.go_on()
    file = IntakeFile.objects.get()
    assert (file.state, why in file.reason) == (FileState.REFUSED, True), file.reason
    assert file.name.isprintable()
    assert client.get(f"/desk/intake/{file.batch_id}/").status_code == 200


def test_archive_of_many_large_files_is_cut_off(house: User, chief: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.intake.packed.LARGEST_IN_ALL", 1_500)
    archive = zipped({f"{n}.md": bytes([n + 65]) * 1_000 for n in range(3)})
    send(at_desk(chief), house, upload("a.zip", archive))
    assert [file.reason[:30] for file in IntakeFile.objects.order_by("pk")] == ["", "the archive unpacks to more th"]


def test_intake_is_for_editors(house: User, chief: User) -> None:
    batch = begin(house, chief, {"a.txt": b""})
    taking_in.go_on()
    file, here = batch.files.get(), f"/desk/intake/{batch.pk}/"
    gets = ["/desk/intake/", here, f"{here}report.csv", f"/desk/intake/files/{file.pk}/"]
    posts = ["/desk/intake/", *(f"{here}{verb}/" for verb in ("add", "stop", "retry", "drop"))]
    posts += [f"/desk/intake/files/{file.pk}/again/", f"/desk/intake/files/{file.pk}/take/"]
    for person in (house, factories.administrator(), factories.board_member(), factories.make_person()):
        client = at_desk(person)
        assert {client.get(address).status_code for address in gets} == {403}
        assert {client.post(address).status_code for address in posts} == {403}
    editor = at_desk(chief)
    assert editor.get("/desk/intake/999999/").status_code == 404
    assert editor.get(f"{here}?after=99999999999999999999999").status_code == 200


def test_two_at_once_take_each_file_once(
    committed_db: None,
) -> None:
    house, chief = factories.author(), factories.editor()
    batch = begin(house, chief, {f"{n}.md": page(f"Subject {n}") for n in range(12)})

    def work() -> None:
        try:
            while taking_in.go_on(seconds=0.05):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while taking_in.go_on():
        pass
    assert states(batch) == ["imported"] * 12
    assert Article.objects.count() == 12
    assert json.loads(Event.objects.get(kind="intake_begun").payload)["files"] == 12
    assert not Label.objects.exists()
