"""Articles and their versions: the content, its lifecycle, the author's desk."""
