"""Finding what was approved: the search, its words, lists, diagnoses across articles, suggestions."""
