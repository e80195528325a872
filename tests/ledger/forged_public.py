"""Forgeries of the public rows: what a superuser runs, and what the verifier then says."""

PUBLIC: dict[str, tuple[str, list[str]]] = {
    "a public row altered": (
        """
        ALTER TABLE pub.publication DROP CONSTRAINT content_fits_hash;
        UPDATE pub.publication SET content = replace(content, 'timing', 'tuning') WHERE state = 'current'
        """,
        ["its text is not the text that was signed", "its text is not the text of its hash"],
    ),
    "a public page altered": (
        """
        ALTER TABLE pub.publication DROP CONSTRAINT body_fits_hash, ALTER search DROP EXPRESSION;
        ALTER TABLE pub.diagnosis ALTER code_keys DROP EXPRESSION, ALTER words DROP EXPRESSION;
        UPDATE pub.publication SET body_html = body_html || ' ', search = '' WHERE state = 'current';
        UPDATE pub.publication SET body_sha256 = 'x' WHERE state = 'retracted';
        UPDATE pub.diagnosis SET code_keys = '{A00}', words = to_tsvector('english', 'cholera') WHERE place = 1
        """,
        [
            "its page is not the page that was published",
            "names another hash of its page",
            "its diagnoses do not follow from its text: 1 that it does not make, 1 missing",
            "its searches do not follow from its text: 2 that it does not make, 0 missing",
        ],
    ),
    "a public title altered": (
        "UPDATE pub.publication SET title = 'X' WHERE state = 'current'",
        ["bears another title"],
    ),
    "a public row removed": (
        "DELETE FROM pub.publication WHERE state = 'current'",
        ["was approved and is missing from the public schema"],
    ),
    "a retraction undone": (
        "UPDATE pub.publication SET state = 'current', notices = '[]', noticed_at = NULL WHERE state = 'retracted'",
        ["is current in public and retracted at the desk"],
    ),
    "a confirmation removed": (
        """
        DELETE FROM reviews_decision WHERE id = (SELECT max(id) FROM reviews_decision WHERE rereview_id IS NOT NULL)
        """,
        ["was signed and is missing", "was confirmed by 1 of 2", "shows a confirmation that nobody signed"],
    ),
    "an invented confirmation": (
        """
        INSERT INTO reviews_rereview (id, version_id, started_by_id, started_at, ended_at, outcome, reason,
            next_review_on)
        SELECT id + 1000, version_id, started_by_id, now(), now(), outcome, reason, '2099-01-01' FROM reviews_rereview
        """,
        ["no event tells of its confirmation", "was confirmed by 0 of 2", "was not last reviewed when it says"],
    ),
    "a removed re-review": (
        "DELETE FROM reviews_rereview",
        ["was confirmed and is missing", "shows a confirmation that nobody signed"],
    ),
    "a public review date moved": (
        "UPDATE pub.publication SET next_review_on = next_review_on + 365 WHERE state = 'current'",
        ["names another date for its next review than the ledger"],
    ),
    "a confirmation invented in public": (
        """
        UPDATE pub.publication SET confirmations = confirmations || jsonb_build_array(signers -> 0 || '{"name": "X"}')
        WHERE state = 'current'
        """,
        ["shows a confirmation that nobody signed"],
    ),
    "a notice reworded": (
        """
        UPDATE pub.publication SET notices = jsonb_set(notices, '{0,words}', '"All is well."')
        WHERE notices @> '[{"kind": "correction"}]'
        """,
        ["its notice 1 is not what its event says"],
    ),
    "a notice signed by another editor": (
        """
        UPDATE pub.publication SET notices = jsonb_set(notices, '{0,by}', '"X"')
        WHERE notices @> '[{"kind": "correction"}]'
        """,
        ["its notice 1 is not what its event says"],
    ),
    "a notice taken away": (
        """
        UPDATE pub.publication SET notices = notices - 0 WHERE notices @> '[{"kind": "correction"}]'
        """,
        ["a notice that was posted on it is missing"],
    ),
    "a notice moved in time": (
        "UPDATE pub.publication SET noticed_at = now() WHERE state = 'retracted'",
        ["its notices are not of the time when they were posted"],
    ),
    "an invented notice": (
        """
        UPDATE pub.publication SET noticed_at = now(), notices = '[{"number": 1, "kind": "expression_of_concern"}]'
        WHERE state = 'current' AND notices = '[]'
        """,
        ["bears a notice that no event tells of"],
    ),
    "a notice left out of the history": (
        """
        UPDATE pub.publication SET history = jsonb_set(history, '{0,notices}', '[]') WHERE state = 'retracted'
        """,
        ["its history tells otherwise of version 1"],
    ),
    "a history that names no version": (
        "UPDATE pub.publication SET history = '[]', is_page = false WHERE state = 'retracted'",
        ["its history names other versions than there are", "stands at the article's own address, or should"],
    ),
    "the reason of a retraction reworded": (
        """
        UPDATE pub.publication SET notices = jsonb_set(notices, '{1,reason}', '"Nothing much."')
        WHERE state = 'retracted'
        """,
        ["its notice 2 is not what its event says"],
    ),
    "a signature in another name": (
        "UPDATE pub.publication SET signers = jsonb_set(signers, '{0,name}', '\"X\"') WHERE state = 'current'",
        ["shows a signature that nobody gave"],
    ),
    "a signature left out": (
        """
        UPDATE pub.publication SET signers = signers - 0, confirmations = confirmations - 0 WHERE state = 'current'
        """,
        ["shows 1 of 2 signatures", "does not show who confirmed it in re-review"],
    ),
    "other people and dates beside a text": (
        """
        UPDATE pub.publication SET author = author || '{"name": "X"}', origin = 'ai_drafted', ai_tool = 'X', slug = 'x',
            change_note = 'X', submitted_at = now(), review_started_at = now(), specialty = 'X' WHERE state = 'current'
        """,
        [
            *(
                f"its {what} is not what the desk has"
                for what in ("author", "origin", "ai tool", "slug", "change note", "submitted at", "review started at")
            ),
            "is filed under another specialty than it was published under",
        ],
    ),
    "an approval moved in time": (
        """
        UPDATE pub.publication SET approved_at = approved_at - interval '1 day' WHERE state = 'current';
        UPDATE articles_version SET decided_at = decided_at - interval '1 day' WHERE state = 'approved'
        """,
        ["was not approved when it says"],
    ),
    "signatures moved in time": (
        """
        UPDATE reviews_decision SET signed_at = signed_at - interval '1 day';
        UPDATE reviews_rereview SET ended_at = ended_at - interval '1 day'
        """,
        ["was not signed when it says", "was not confirmed when it says"],
    ),
    "a signature given in another's name": (
        """
        UPDATE ledger_event SET actor_id = (SELECT min(id) FROM people_user) WHERE kind = 'decision_signed'
        """,
        ["is not what its event tells: version, hash, reviewer or verdict differ"],
    ),
    "a signature on another hash shown": (
        """
        UPDATE pub.publication SET signers = jsonb_set(signers, '{0,content_sha256}', '"0"') WHERE state =
        'current'
        """,
        ["a signature on it names another hash"],
    ),
}
