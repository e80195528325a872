"""The read API: what the public pages show, as JSON."""
