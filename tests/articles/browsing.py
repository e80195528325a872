"""The author's desk as a browser without JavaScript sees it: pages are read, and their forms sent back."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from articles.models import Version
from people.models import User

type Typed = dict[str, list[str]]


def desk(user: User | None) -> Client:
    """A browser in which this person is signed in, or nobody."""
    client = Client()
    if user is not None:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def address(name: str, version: Version) -> str:
    """The address of one of a version's pages."""
    return reverse(f"articles:{name}", args=(version.article_id, version.number))


class _Fields(HTMLParser):
    """The successful controls of the form with this id, as a browser sends them; no button is pressed."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.inside = False
        self.typed: Typed = {}
        self.ids: list[str] = []
        self._area: str | None = None
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(given["id"] or "")
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        if not self.inside:
            return
        name, value = given.get("name") or "", given.get("value") or ("on" if given.get("type") == "checkbox" else "")
        if tag == "textarea":
            self._area = name
            self.typed.setdefault(name, []).append("")
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option" and self._select:
            self._options.append((value, "selected" in given))
        elif tag == "input" and name and self._is_sent(given):
            self.typed.setdefault(name, []).append(value)

    def _is_sent(self, given: dict[str, str | None]) -> bool:
        kind = given.get("type") or "text"
        return kind not in {"file", "submit"} and (kind not in {"checkbox", "radio"} or "checked" in given)

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.typed[self._area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            text = self.typed[self._area][-1].removeprefix("\r").removeprefix("\n")
            self.typed[self._area][-1] = text.replace("\r\n", "\n").replace("\n", "\r\n")
            self._area = None
        elif tag == "select" and self._select is not None:
            chosen = [value for value, selected in self._options if selected] or [self._options[0][0]]
            self.typed.setdefault(self._select, []).extend(chosen)
            self._select = None
        elif tag == "form":
            self.inside = False


def fields(response: Any, form_id: str = "editor") -> Typed:
    """What the form of a page holds."""
    return _read(response, form_id).typed


def ids(response: Any) -> list[str]:
    """Every id of a page, in its order."""
    return _read(response, "").ids


def _read(response: Any, form_id: str) -> _Fields:
    reader = _Fields(form_id)
    reader.feed(response.content.decode())
    reader.close()
    return reader


class Editor:
    """The editor of one draft, open in one person's browser."""

    def __init__(self, user: User, version: Version) -> None:
        self.client = desk(user)
        self.version = version
        self.page: Any = self.client.get(address("edit", version))
        self.typed = fields(self.page)

    def type(self, **texts: str) -> "Editor":
        """Write into fields of the whole."""
        for name, text in texts.items():
            self.put(name, text)
        return self

    def put(self, name: str, *values: str) -> "Editor":
        """Set a field; without a value it is not sent."""
        if values:
            self.typed[name] = list(values)
        else:
            self.typed.pop(name, None)
        return self

    def press(self, action: str = "save", *, follow: bool = False, to: str = "edit") -> Any:
        """Press a button. When a page of the editor comes back, it is the one that is open now."""
        data = {**self.typed, "action": [action]}
        self.page = self.client.post(address(to, self.version), data, follow=follow)
        if (shown := fields(self.page)) and isinstance(self.page, HttpResponse):
            self.typed = shown
        return self.page

    def reopen(self) -> "Editor":
        """Load the page again."""
        self.page = self.client.get(address("edit", self.version))
        self.typed = fields(self.page)
        return self
