"""Draw pages and scenery with exact boxes: difficulties, paper, pens, print, camera effects."""
