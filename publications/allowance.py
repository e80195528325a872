"""How much of its time a process gives to one thing: whoever asks for very much of it does not hold up the rest."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Exhausted(Exception):
    """Nothing is left for now; `seconds` until something is."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"nothing is left for {seconds} s")
        self.seconds = seconds


class Allowance:
    """A `share` of the time that passes, saved up to `most` seconds. What was begun is ended: what it takes beyond that
    is owed, and has to be earned before anything else is begun.
    """

    def __init__(self, share: float, most: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.share, self.most, self.clock = share, most, clock
        self.left, self.at = most, clock()

    @contextmanager
    def spend(self) -> Iterator[None]:
        """Do the block and take the time from what is left.

        Raises:
            Exhausted: there was nothing left; the block was not begun.
        """
        began = self.clock()
        self.left, self.at = min(self.most, self.left + self.share * (began - self.at)), began
        if self.left <= 0:
            raise Exhausted(max(1, math.ceil(-self.left / self.share)))
        try:
            yield
        finally:
            self.left -= self.clock() - began
