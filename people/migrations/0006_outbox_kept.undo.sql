DROP TRIGGER kept ON people_message;
DROP FUNCTION message_stays();
