"""The live view over clips of a camera: clips drawn with their timeline, scores, and what the loop costs."""
