"""Forgeries of the desk and the ledger: what a superuser runs, and what the verifier then says."""

RECORD: dict[str, tuple[str, list[str]]] = {
    "a changed word in frozen content": (
        "UPDATE articles_version SET content = replace(content, 'timing', 'tuning') WHERE state = 'approved'",
        ["its text is not the text of its hash", "its text is not the text that was signed"],
    ),
    "a changed word and its hash": (
        """
        UPDATE articles_version SET content = replace(content, 'timing', 'tuning'), content_sha256 =
        encode(sha256(convert_to(replace(content, 'timing', 'tuning'), 'UTF8')), 'hex') WHERE state =
        'approved'
        """,
        ["was submitted under another hash", "names a hash that its version does not have"],
    ),
    "a state that nobody moved": (
        "UPDATE articles_version SET state = 'declined' WHERE state = 'changes_requested'",
        ["is declined; by the ledger it is changes_requested"],
    ),
    "another word in a policy": (
        "UPDATE pub.policy SET body = 'All is kept.' WHERE number = 2",
        ["is not what was published"],
    ),
    "a policy set back in time": (
        "UPDATE pub.policy SET published_at = published_at - interval '1 year' WHERE number = 2",
        ["is not what was published"],
    ),
    "a policy that nobody published": (
        "UPDATE pub.policy SET number = 3, published_by = 'Nobody' WHERE number = 2",
        ["no event tells of it", "was published and is missing"],
    ),
    "a policy under another name, and one that is not what the portal began with": (
        """
        UPDATE pub.policy SET published_by = 'X' WHERE number = 2;
        UPDATE pub.policy SET body = 'X' WHERE name = 'editorial';
        INSERT INTO pub.policy (name, number, title, body, change_note, published_by)
            SELECT 'x', 1, title, body, '', '' FROM pub.policy WHERE name = 'conflicts';
        DELETE FROM pub.policy WHERE name = 'conflicts'
        """,
        ["is not what was published", "no event tells of it", "was published and is missing"],
    ),
    "a removed version": (
        "DELETE FROM articles_version WHERE state = 'changes_requested'",
        ["was submitted and is missing"],
    ),
    "a removed event": (
        "DELETE FROM ledger_event WHERE seq = 4",
        ["the event before it is 3: 1 missing"],
    ),
    "a removed last event": (
        "DELETE FROM ledger_event WHERE seq = (SELECT max(seq) FROM ledger_event)",
        ["does not name the last event: events were removed at the end, or it was changed"],
    ),
    "a changed event": (
        "UPDATE ledger_event SET payload = '{}' WHERE seq = 2",
        ["its hash is not that of what it says"],
    ),
    "another actor": (
        "UPDATE ledger_event SET actor_id = NULL WHERE seq = 2",
        ["its hash is not that of what it says"],
    ),
    "a decision moved to another hash": (
        """
        UPDATE reviews_decision SET content_sha256 = repeat('0', 64) WHERE id = (SELECT min(id) FROM
        reviews_decision)
        """,
        ["names a hash that its version does not have", "was published with 1 of 2 approvals"],
    ),
    "a decision moved to another version": (
        """
        UPDATE reviews_decision d SET version_id = v.id, article_id = v.article_id, content_sha256 =
        v.content_sha256 FROM articles_version v WHERE v.state = 'retracted' AND d.id = (SELECT min(id) FROM
        reviews_decision)
        """,
        [
            "is not what its event tells: version, hash, reviewer or verdict differ",
            "was published with 1 of 2 approvals",
        ],
    ),
    "a verdict turned": (
        "UPDATE reviews_decision SET verdict = 'request_changes' WHERE id = (SELECT min(id) FROM reviews_decision)",
        ["is not what its event tells: version, hash, reviewer or verdict differ"],
    ),
    "a removed decision": (
        "DELETE FROM reviews_decision WHERE id = (SELECT min(id) FROM reviews_decision)",
        ["was signed and is missing", "was published with 1 of 2 approvals"],
    ),
    "an invented decision": (
        """
        INSERT INTO reviews_decision (version_id, article_id, content_sha256, assignment_id, reviewer_id, verdict, note,
            confidential_note, checklist, statement, signed_at, key)
        SELECT version_id, article_id, content_sha256, assignment_id + 1000, reviewer_id + 1000, verdict, note,
            confidential_note, checklist, statement, signed_at, gen_random_uuid() FROM reviews_decision LIMIT 1
        """,
        ["no event tells of it"],
    ),
    "an approval by the author": (
        """
        UPDATE articles_article a SET owner_id = d.reviewer_id FROM reviews_decision d WHERE d.article_id =
        a.id AND d.id = (SELECT min(id) FROM reviews_decision)
        """,
        ["was published with 1 of 2 approvals"],
    ),
    "an approval by who handed it in": (
        """
        UPDATE articles_article SET handed_in_by_id = (SELECT min(reviewer_id) FROM reviews_decision)
        """,
        ["was published with 1 of 2 approvals", "was confirmed by 1 of 2", "shows a confirmation that nobody signed"],
    ),
}
