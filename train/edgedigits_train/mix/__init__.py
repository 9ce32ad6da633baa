"""Augmentation: what a clean digit goes through before the network sees it."""
