"""The methods of Sheets v4."""
