"""What people type, checked before it reaches the models."""
