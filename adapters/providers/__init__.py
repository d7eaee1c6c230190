"""One wire dialect a file; `http` is what they share."""
