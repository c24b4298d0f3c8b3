"""JSON from carriers: strictly parsed, then read as the bills of TM Forum's TMF678."""
