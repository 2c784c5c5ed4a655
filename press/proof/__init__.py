"""The judges: rules that read what was laid out and what was written, and report findings."""
