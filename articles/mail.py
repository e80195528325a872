"""Mail about what happens to a version."""

from articles.record import VersionRecord
from people.models import User


def tell(version: VersionRecord, step: str, *, by: User | None) -> None:
    """Queue the messages of a step of the workflow, inside its transaction."""
