"""The record of who did what to which version: append-only, hash-chained, verifiable."""
