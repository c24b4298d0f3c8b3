"""Bills and other tables that come as CSV or XLSX: rows of cells, and the mappings that say what they hold."""
