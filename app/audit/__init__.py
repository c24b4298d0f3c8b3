"""Pure: a rated invoice and its account's history in, findings out."""
