"""The window. Knows services (to do) and queries (to show), never the database."""
