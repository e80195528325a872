"""An article as JATS 1.3 (ANSI/NISO Z39.96-2021), Journal Archiving and Interchange."""

from publications.jats.article import CONTENT_TYPE, jats

__all__ = ["CONTENT_TYPE", "jats"]
