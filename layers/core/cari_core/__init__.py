"""What every room shares: errors, ids, settings, names, dates, and the typed answers of the engines."""
