"""Drive v3: files, sharing, comments, changes, notifications, exports."""
