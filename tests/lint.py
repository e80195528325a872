"""The linters and the types, as one list for `make lint` and for the tests."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
TEMPLATES = [str(path) for path in sorted((ROOT / "templates").rglob("*.html"))]

COMMANDS: dict[str, list[str]] = {
    "ruff": ["ruff", "check", "--quiet", "."],
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "djade": ["djade", "--check", "--target-version", "6.1", *TEMPLATES],
    "imports": ["lint-imports", "--cache-dir", "var/import-linter"],
    "mypy": ["mypy"],
}


def run(name: str) -> subprocess.CompletedProcess[str]:
    """Run one of the commands and return what it said."""
    program, *arguments = COMMANDS[name]
    command = [str(PROGRAMS / program), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def main() -> None:
    """Run all, print what they complain of, exit 1 if any does."""
    failed = False
    for name in COMMANDS:
        done = run(name)
        print(f"{name}: {'ok' if done.returncode == 0 else 'failed'}")
        if done.returncode:
            failed = True
            print(done.stdout + done.stderr)
    sys.exit(failed)


if __name__ == "__main__":
    main()
