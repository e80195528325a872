DROP TRIGGER guard_words ON people_message;
DROP FUNCTION message_words_guard();
