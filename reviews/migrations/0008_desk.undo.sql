DROP INDEX turn_due, turn_priority, turn_risk, turn_traffic, turn_newest;
DROP INDEX turn_all_due, turn_all_priority, turn_all_risk, turn_all_traffic, turn_all_newest;
DROP INDEX turn_mine, turn_mine_all, turn_owned, turn_owned_all, turn_field, turn_side, turn_labels, turn_hands, turn_words;
