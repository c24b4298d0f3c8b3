"""Files that hold files: archives and e-mails. Each member is read by itself, in a child of its own."""
