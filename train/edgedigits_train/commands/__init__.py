"""The verbs that work on the training side: explore, train, evaluate."""
