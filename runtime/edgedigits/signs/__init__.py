"""Find what looks like a digit but is not one: punctuation, brackets, spirals, ticks, edges of shadows."""
