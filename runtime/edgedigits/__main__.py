"""`python -m edgedigits VERB` is the same as `edgedigits VERB`."""

from edgedigits.cli import entry

entry()
