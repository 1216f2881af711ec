"""What a person or a program gets to see: text for a terminal, JSON for scripts.

The only modules beside `cli` that write.
"""
