"""Bills as PDF: words with their boxes, and layouts that say what stands where."""
