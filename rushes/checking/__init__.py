"""What `rushes check` looks at, each a coroutine that returns findings."""
