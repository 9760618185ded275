"""What a client sees: one file per subject, reading like documentation."""
