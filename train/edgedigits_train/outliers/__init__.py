"""Outliers: training pictures that show no digit."""
