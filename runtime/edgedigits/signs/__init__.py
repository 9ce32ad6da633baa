"""What looks like a digit and is none: punctuation, brackets, spirals, ticks, edges of shadows."""
