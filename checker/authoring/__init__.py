"""What the author of an assignment uses: its key, what is weak about it, models to begin with."""
