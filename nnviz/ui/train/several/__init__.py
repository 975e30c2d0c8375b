"""The draft trained several times: the menu beside Train (`menu.py`, start here), the form of a race, and what is shown of one.
Nobody else imports this room but the Train page's modules."""
