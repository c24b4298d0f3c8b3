"""Our own master data from workbooks and CSV files: inventory, contracts, bank accounts."""
