"""Readers that ask a web server as fast as it answers: `python -m bench.readers FILE PORT SECONDS CONNECTIONS N [ALL]`.

FILE holds a line a request: an address and, after a tab, the ETag that the reader has. Which comes next is drawn by
Zipf's law, the first line most often, by other chances for each N; or, with ALL, it is every line of a share of them,
the Nth of so many, so that nobody asks for what somebody has asked for. Prints, as JSON, how many were answered in how
long, what each took, and the statuses.
"""

from __future__ import annotations

import json
import random
import select
import socket
import sys
import time
from collections import Counter
from pathlib import Path

DRAWN = 50_000


def requests(file: Path, number: int, shares: int) -> list[bytes]:
    """So many requests in the order of asking."""
    lines = file.read_text(encoding="utf-8").splitlines()
    if shares:
        return [_request(line) for line in lines[number::shares]]
    chance = random.Random(number)  # noqa: S311 - the same for each server
    weights = [1 / rank for rank in range(1, len(lines) + 1)]
    return [_request(line) for line in chance.choices(lines, weights, k=DRAWN)]


def _request(line: str) -> bytes:
    path, _, tag = line.partition("\t")
    known = f"If-None-Match: {tag}\r\n" if tag else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip, deflate, br\r\n{known}\r\n".encode()


class Reader:
    """One connection, on which one request after the other is asked."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.asked_at, self.heard = 0.0, b""

    def ask(self, request: bytes) -> None:
        self.heard, self.asked_at = b"", time.perf_counter()
        self.socket.sendall(request)

    def is_answered(self) -> bool:
        """Take in what has come; whether that was the end of the answer."""
        came = self.socket.recv(262_144)
        if not came:
            raise ConnectionError("the server hung up")
        self.heard = self.heard + came if self.heard else came
        head = self.heard.find(b"\r\n\r\n")
        if head < 0:
            return False
        at = self.heard.lower().find(b"content-length:", 0, head)
        length = int(self.heard[at + 15 : self.heard.find(b"\r\n", at)]) if at >= 0 else 0
        return len(self.heard) >= head + 4 + length


def read(asked: list[bytes], port: int, seconds: float, connections: int) -> dict[str, object]:
    """Ask for so long."""
    readers = {reader.socket.fileno(): reader for reader in [Reader(port) for _ in range(connections)]}
    ready = select.epoll()
    for number, descriptor in enumerate(readers):
        ready.register(descriptor, select.EPOLLIN)
        readers[descriptor].ask(asked[number])
    times, statuses, number = list[float](), Counter[str](), connections
    began = time.perf_counter()
    while (now := time.perf_counter()) - began < seconds:
        for descriptor, _ in ready.poll(1):
            reader = readers[descriptor]
            if not reader.is_answered():
                continue
            times.append(time.perf_counter() - reader.asked_at)
            statuses[reader.heard[9:12].decode()] += 1
            reader.ask(asked[number % len(asked)])
            number += 1
    return {"seconds": now - began, "times": [round(1e6 * each) for each in times], "statuses": statuses}


def main() -> None:
    file, port, seconds, connections, number, *shares = sys.argv[1:]
    asked = requests(Path(file), int(number), int(shares[0]) if shares else 0)
    print(json.dumps(read(asked, int(port), float(seconds), int(connections))))


if __name__ == "__main__":
    main()
