"""Pictures from numbers: one module a figure, found by its file name; `style.py` holds the look."""
