"""The editorial process: assignments, findings, decisions, the quorum."""
