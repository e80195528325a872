"""The browser for the journeys: whichever Chromium is here, else one is installed (`python -m tests.chromium`).

The headless shell comes first: the same engine without a window takes half the processor time.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPS = tuple(f"/Applications/{name}.app/Contents/MacOS/{name}" for name in ("Chromium", "Google Chrome"))


def find() -> str | None:
    """Return the path of a Chromium on this machine; `DDX_CHROMIUM` names another."""
    candidates = (os.environ.get("DDX_CHROMIUM", ""), *NAMES, *MAC_APPS)
    here = next((path for name in candidates if name and (path := shutil.which(name))), None)
    return here or shutil.which(playwrights_own())


def playwrights_own() -> str:
    """Return where Playwright would put its own Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return str(playwright.chromium.executable_path)


def install() -> None:
    """Get a Chromium: Debian's shell or else its Chromium, otherwise Playwright's own."""
    if not any(install_package(name) for name in (SHELL, "chromium")):
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True, stdout=sys.stderr)


def install_package(name: str) -> bool:
    """Install a Debian package and a font for it, as root or by sudo; say whether that worked."""
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (as_root and not can_sudo()):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = [*as_root, "apt-get", "-o", "Acquire::http::Timeout=20", "-o", "Acquire::Retries=1"]
    subprocess.run([*apt, "update", "-qq"], check=False, env=environment)
    command = [*apt, "install", "-y", "-qq", "--no-install-recommends", name, "fonts-liberation"]
    return subprocess.run(command, check=False, env=environment, stdout=sys.stderr).returncode == 0


def can_sudo() -> bool:
    """Say whether sudo works without a password."""
    return bool(shutil.which("sudo")) and subprocess.run(["sudo", "-n", "true"], check=False).returncode == 0


def main() -> None:
    """Install a Chromium unless there is one; root, whose machine is mostly a container, is given the shell besides."""
    if find() is None:
        install()
    elif os.geteuid() == 0 and not shutil.which(SHELL):
        install_package(SHELL)
    if (found := find()) is None or not Path(found).exists():
        sys.exit("No Chromium could be found or installed; set DDX_CHROMIUM.")


if __name__ == "__main__":
    main()
