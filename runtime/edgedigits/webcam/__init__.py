"""The live view: one session of reading, digits followed over frames, and the window with its keys."""
