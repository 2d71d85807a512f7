"""One file a screen. A screen watches its feeds' vars on the app and hands plain values to its widgets."""
