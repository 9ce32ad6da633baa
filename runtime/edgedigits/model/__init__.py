"""What a model file contains and how it is called: contract, session, second look."""
