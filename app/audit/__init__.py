"""Pure: rated invoice and history in, findings out."""
