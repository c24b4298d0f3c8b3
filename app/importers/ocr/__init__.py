"""Bills that are pictures: scanned PDFs and image files, read by recognising their text."""
