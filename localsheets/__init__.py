"""A local stand-in for Google Sheets, Drive and their token exchange."""
