"""Ranking by meaning, beside that by words: an extra that is not there unless `QUESTION_RANKING` says so."""
