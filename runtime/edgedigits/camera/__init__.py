"""Cameras and streams: opened, read by a thread that keeps the newest picture, explained when they fail."""
