"""Who takes part: users and their roles, the board, disclosures, invitations, sign-in, permissions."""
