"""Pure: contract terms and charges in, expected amounts with their proof out."""
