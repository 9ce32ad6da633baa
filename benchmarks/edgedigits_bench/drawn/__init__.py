"""Pages and scenery drawn with exact boxes: difficulties, paper, pens, print, what a camera does."""
