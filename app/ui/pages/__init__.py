"""One file per screen; columns and views are declared at its top."""
