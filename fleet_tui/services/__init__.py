"""One module per outside system, speaking its protocol and returning domain values."""
