"""Plots, sheets and tables of what was measured."""
