DROP FUNCTION pub.sender_key(text);
DROP TABLE pub.letter_salt;
