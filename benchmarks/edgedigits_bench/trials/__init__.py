"""Why things are as they are: measurements of single choices, each with a command of its own."""
