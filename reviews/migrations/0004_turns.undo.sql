DROP INDEX turn_of_holder, version_review_date;
DROP TRIGGER turn ON articles_version;
DROP TRIGGER turn ON articles_article;
DROP TRIGGER turn ON articles_article_labels;
DROP TRIGGER turn ON articles_version_contributors;
DROP TRIGGER turn ON reviews_assignment;
DROP TRIGGER turn ON reviews_decision;
DROP TRIGGER turn ON reviews_finding;
DROP TRIGGER turn ON reviews_rereview;
DROP TRIGGER turn ON reviews_conflict;
DROP TRIGGER turn ON people_rolegrant;
DROP TRIGGER turn ON people_user;
DROP TRIGGER turn ON people_conflict;
DROP TRIGGER turn_of_other ON people_conflict;
DROP TRIGGER turn ON people_disclosure;
DROP TRIGGER turn ON people_absence;
DROP TRIGGER turn ON people_boardterm;
DROP FUNCTION turn_of_member(), turn_trigger(), follow_time(), follow_turns_of(bigint), follow_turn(bigint),
    turn_of(bigint), round_is_stuck(bigint, bigint), version_in_hand(bigint), risk_of(text), choose_editor(bigint),
    is_away(bigint), may_handle(bigint, bigint);
GRANT INSERT, UPDATE, DELETE ON reviews_turn, reviews_turnspan TO ddx_staff;
