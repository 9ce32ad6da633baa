"""The web page and its API: Flask on waitress, one model, one camera thread, nothing stored."""
