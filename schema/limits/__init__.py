"""What one operation may ask for.

What fields cost is declared beside them (`declared.py`) and read from the schema (`prices.py`). One pass over a
document adds it up (`measuring.py`), before anything is validated or executed (`checking.py`).
"""
