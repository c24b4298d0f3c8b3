"""Pure readers: bytes in, parsed values with their source out. Never the database."""
