"""The runner: what the container's first process does. Nothing in here runs in a program's process but
`child` and what it needs."""
