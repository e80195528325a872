"""What an article says: the typed document, its canonical bytes, its Markdown. No database."""
