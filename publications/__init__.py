"""The public face: all that a reader can reach. Knows nothing of the rooms above."""
