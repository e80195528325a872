"""Ready answers: the press makes them, the front gives them out, the proof compares them with their rows."""
