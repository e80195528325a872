DROP VIEW reviews_debt;
