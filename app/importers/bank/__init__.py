"""What banks send: statements in MT940, camt, BAI2, OFX and CSV, and answers to payment files."""
