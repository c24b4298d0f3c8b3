"""Pure writers of reports: rows in, XLSX and HTML bytes out."""
