"""The live view: one session of reading, digits followed over frames, the window and its keys."""
