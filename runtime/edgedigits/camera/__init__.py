"""Cameras and streams: opening, a thread that keeps the newest frame, and the reasons of failures."""
