"""What `manage.py import_articles` is made of: the files, how each is taken in, and what is said of it."""
