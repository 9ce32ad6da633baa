"""From pieces of ink (connected components) to digits: join them, cut them, classify them."""
