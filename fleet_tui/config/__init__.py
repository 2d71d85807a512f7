"""Settings: what can be set (`schema`), how a file becomes settings (`load`), and the reference made from both."""
