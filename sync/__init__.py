"""Keeps the store and the spreadsheets saying the same thing."""
