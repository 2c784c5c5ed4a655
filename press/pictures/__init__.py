"""What is drawn: figures and formulas, as pages of small PDFs, and formulas in words."""
