"""What the API answers with, typed: each shape is made of what a public page shows."""
