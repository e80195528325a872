"""pytest-django's live server, and whether it is still at work."""

import select
import socket
import threading
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer
from pytest_django.live_server_helper import LiveServer


class CountedServer(ThreadedWSGIServer):
    """Knows how many of its connections are open: each counts from when it is accepted until its thread is done."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.turn = threading.Condition()
        self.open = 0
        super().__init__(*args, **kwargs)

    def get_request(self) -> tuple[socket.socket, Any]:
        with self.turn:
            accepted = super().get_request()
            self.open += 1
        return accepted

    def close_request(self, request: Any) -> None:
        super().close_request(request)  # lets go of the database, too
        with self.turn:
            self.open -= 1
            self.turn.notify_all()

    def wait_until_idle(self, seconds: float = 20) -> None:
        """Wait until nobody is being served, and nobody has knocked; who is served is not hurried."""
        with self.turn:
            if not self.turn.wait_for(self._is_idle, seconds):
                raise TimeoutError(f"{self.open} connections to the live server are still open: close each browser's")

    def _is_idle(self) -> bool:
        return not self.open and not select.select([self.socket], [], [], 0)[0]


class QuietLiveServer(LiveServer):
    """The live server of this test process, whose requests are over before the database is brought back."""

    def start(self) -> None:
        self.thread.server_class = CountedServer
        super().start()

    def wait_until_idle(self) -> None:
        """Wait until no request is under way."""
        self.served.wait_until_idle()

    @property
    def served(self) -> CountedServer:
        """What counts the connections."""
        assert isinstance(self.thread.httpd, CountedServer)
        return self.thread.httpd
