"""Measurements behind single design choices, each with a command of its own."""
