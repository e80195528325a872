"""The machine that measures, so that figures can be read by whoever has another."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path


def told() -> str:
    """Cores, processor, system, Python, PostgreSQL, and how busy it is at this moment."""
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({processor()}), {platform.system()}, Python {platform.python_version()}, "
        f"{postgresql()}, load {load:.1f} at the start"
    )


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def postgresql() -> str:
    """The embedded one, which all parts run on."""
    from ddx_portal.embedded import programs

    said = subprocess.run([programs() / "postgres", "--version"], capture_output=True, text=True, check=True)
    return said.stdout.replace("postgres (PostgreSQL)", "PostgreSQL").strip()
