"""What authors type, checked before it reaches the models."""
