"""What a person or a program gets to see: text for a terminal, JSON for scripts, pages and Markdown for editors.

The only modules beside `cli` that write.
"""
