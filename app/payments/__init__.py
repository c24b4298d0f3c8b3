"""Pure: due dates, business days, payment files."""
