DROP TRIGGER fixed ON articles_article;
