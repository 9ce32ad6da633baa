"""What looks like a digit and is none: punctuation, brackets, dashes, spirals, ticks, edges of shadows."""
