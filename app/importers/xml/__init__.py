"""Electronic invoices: UBL and Cross Industry Invoice, as EN 16931 uses them."""
