DROP FUNCTION pub.take_letter(text, text, bigint, text, text, text, text, integer);
DROP FUNCTION letter_limit(bigint, text);
GRANT INSERT, DELETE ON reviews_readerletter TO ddx_staff;
DROP TRIGGER forgotten ON reviews_readerletter;
DROP FUNCTION letter_forgotten();
DROP TRIGGER fixed ON reviews_readerletter;
DROP TRIGGER guard ON reviews_readerletter;
DROP FUNCTION letter_guard();
