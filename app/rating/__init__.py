"""Pure: contract terms and charges in, expected amounts out, each with its proof."""
