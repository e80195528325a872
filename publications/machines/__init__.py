"""What machines read of the whole site: the feed, the sitemap, robots.txt, structured data."""
