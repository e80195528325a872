"""The front door: settings, addresses, the embedded database and what is shared by every page."""
