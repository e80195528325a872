"""The proof of a page, for anybody to check without us, and the portal's own signature under it."""
