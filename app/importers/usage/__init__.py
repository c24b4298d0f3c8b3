"""Call records and traffic samples, read by mappings."""
