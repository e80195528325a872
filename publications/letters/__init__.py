"""What readers send to the editors: the forms, and the box that they fall into."""
