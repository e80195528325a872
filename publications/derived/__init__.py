"""What the database makes of the public rows for readers to find and quote, worked out a second time: for the proof."""
