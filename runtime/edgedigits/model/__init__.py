"""What is inside a model file, and how it is asked: contract, session, a second look."""
