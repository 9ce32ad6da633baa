"""The live view on drawn clips of a camera: the clips and their timelines, scores, and CPU and memory use."""
