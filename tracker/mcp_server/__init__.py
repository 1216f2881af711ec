"""The desk's memory for assistants on the same machine: an MCP server over standard input and output.

`arguments` says what the tools take, `tools` what they do and answer, `serving` speaks the protocol. What they answer
is what the commands print with `--json`; nothing here decides anything.
"""
