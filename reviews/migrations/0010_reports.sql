-- What reports look for in a period: events of a kind, findings, invitations.
CREATE INDEX event_by_kind_and_time ON ledger_event (kind, at);
CREATE INDEX finding_by_time ON reviews_finding (made_at);
CREATE INDEX assignment_by_time ON reviews_assignment (invited_at);
