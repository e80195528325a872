"""The board as the public sees it: its members, what each has signed, and the certificates of that."""
