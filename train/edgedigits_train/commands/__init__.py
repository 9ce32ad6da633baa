"""The subcommands that need the training packages: explore, train, evaluate."""
