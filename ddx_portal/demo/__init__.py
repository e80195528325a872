"""The demonstration: fictitious people, and articles in every state (see README.md beside this file)."""
