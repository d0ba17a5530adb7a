"""What the intranet remembers, and the only verbs that change it. No Flask, no gspread."""
