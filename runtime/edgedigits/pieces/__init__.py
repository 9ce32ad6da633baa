"""From pieces of ink to digits: what is joined, what is cut, and what the classifier says of each."""
