"""What was measured, as plots, sheets and tables."""
