DROP INDEX pub.publication_export;
