"""Children of the demo: started together, ended together, never left behind."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import FrameType

GRACE = 10.0  # seconds that a child has for an orderly end


class Stopped(Exception):
    """Somebody asked us to stop."""


class ChildDied(Exception):
    """A child ended by itself; the message names it and its exit code."""


class Children:
    """The running children by name."""

    def __init__(self) -> None:
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start a child in a session of its own, so that Ctrl-C reaches it through us alone."""
        self.running[name] = subprocess.Popen(
            command, env=dict(environment), stdin=subprocess.DEVNULL, start_new_session=True
        )

    def check(self) -> None:
        """Raise ChildDied when one has ended."""
        for name, child in self.running.items():
            if (code := child.poll()) is not None:
                raise ChildDied(f"the {name} process ended with exit code {code}; what it said stands above")

    def watch(self) -> None:
        """Return never: raise ChildDied when a child ends, Stopped when we are asked to stop."""
        while True:
            self.check()
            time.sleep(0.5)

    def end(self) -> None:
        """Ask every child and its own children to end, wait, and kill what is left of them."""
        for child in self.running.values():
            child.terminate()
        deadline = time.monotonic() + GRACE
        for child in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, deadline - time.monotonic()))
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)  # it, and what it started and left behind
            child.wait()


def stop_on_signals() -> None:
    """Turn Ctrl-C, SIGTERM and a closed terminal into Stopped, once; later ones are ignored while we clean up."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(number: int, frame: FrameType | None) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    for each in signals:
        signal.signal(each, stop)
