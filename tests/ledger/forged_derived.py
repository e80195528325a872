"""Forgeries of what is made of the public rows: what a superuser runs, and what the verifier then says."""

DERIVED: dict[str, tuple[str, list[str]]] = {
    "a passage reworded": (
        "UPDATE pub.passage SET words = 'All is well.' WHERE place = 1",
        ["its passages do not follow from its text: 1 that it does not make, 1 missing, as (1, ", "All is well."],
    ),
    "a passage shown to others": (
        "UPDATE pub.passage SET audience = 'patient', must_not_be_missed = false, tier = 'rare' WHERE place = 2",
        ["its passages do not follow from its text: 1 that it does not make, 1 missing"],
    ),
    "a passage left out and one found by other words": (
        """
        DELETE FROM pub.passage WHERE place = 1;
        UPDATE pub.passage SET search = to_tsvector('english', 'seizure') WHERE place = 3
        """,
        ["its passages do not follow from its text: 0 that", "its search of passages do not follow from its text: 1"],
    ),
    "passages, diagnoses and suggestions of a retracted text": (
        """
        UPDATE pub.passage SET publication_id = (SELECT id FROM pub.publication WHERE state = 'retracted');
        UPDATE pub.diagnosis SET publication_id = (SELECT id FROM pub.publication WHERE state = 'retracted');
        UPDATE pub.suggestion SET publication_id = (SELECT id FROM pub.publication WHERE state = 'retracted')
            WHERE publication_id IS NOT NULL
        """,
        [f"is not current, and has rows in pub.{table}" for table in ("passage", "diagnosis", "suggestion")],
    ),
    "a diagnosis of another tier": (
        "UPDATE pub.diagnosis SET tier = 'rare', must_not_be_missed = false WHERE place = 1",
        ["its diagnoses do not follow from its text: 1 that it does not make, 1 missing"],
    ),
    "a diagnosis under another name": (
        """
        UPDATE pub.diagnosis_name SET name = 'X' WHERE slug IN (SELECT slug FROM pub.diagnosis WHERE place = 1);
        UPDATE pub.diagnosis_name SET articles = 7 WHERE slug IN (SELECT slug FROM pub.diagnosis WHERE place = 2);
        UPDATE pub.suggestion SET label = 'X'
            WHERE diagnosis_slug IN (SELECT slug FROM pub.diagnosis WHERE place = 3)
        """,
        [
            "is not listed as what 1 current texts call it",
            "is not listed with its 1 current texts and its letter",
            "its suggestions do not follow from its names",
        ],
    ),
    "a title suggested otherwise": (
        "UPDATE pub.suggestion SET label = 'X' WHERE publication_id IS NOT NULL",
        ["its suggestions do not follow from its text: 1 that it does not make, 1 missing"],
    ),
    "words of no text, and texts without words": (
        """
        INSERT INTO pub.word VALUES ('nonsense', 'nonsens', 1, 0, '{}');
        UPDATE pub.word SET titled = 5 WHERE word = 'approved';
        UPDATE pub.word SET keys = '{x}' WHERE word = 'gastric';
        UPDATE pub.publication SET names = 'X', prose = 'Y', has_patient_text = NOT has_patient_text
            WHERE state = 'retracted'
        """,
        [
            "is counted in 1 texts and 0 titles, and stands in 0 and 0",
            "is counted in 1 texts and 5 titles, and stands in 1 and 1",
            "is found by other words and slips than its own",
            *(f"its column {each} does not follow from its text" for each in ("names", "prose", "has_patient_text")),
        ],
    ),
    "a word that is not found": (
        """
        DELETE FROM pub.word WHERE word = 'approved';
        UPDATE pub.shelf SET articles = 3
        """,
        ["is counted in 0 texts and 0 titles, and stands in 1 and 1", "is said to hold 3 texts, and holds 1"],
    ),
    "equal words that nobody kept": (
        "UPDATE pub.synonym SET word = 'syncope' WHERE word = 'seizure'",
        ["no event tells of them", "were kept and are missing", "is searched for otherwise than it says"],
    ),
    "members described otherwise": (
        """
        UPDATE pub.member SET name = 'X', interests = 'X', terms = '[]', has_signed = NOT has_signed;
        INSERT INTO pub.member (id, slug, name, credentials, job_title, institution, specialties, orcid, bio, terms,
            interests) VALUES (999, 'x', 'X', '', '', '', '{}', '', '', '[]', '')
        """,
        [
            *(f"its {each} is not what the portal knows" for each in ("name", "interests", "terms", "has_signed")),
            "is shown, and is not on the board",
        ],
    ),
    "a member left out": ("DELETE FROM pub.member", ["is missing from the board's pages"]),
}
