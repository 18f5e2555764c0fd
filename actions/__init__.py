"""Custom actions: one a file, thin. They ask content/ what to say and store/ to remember, and emit one Reply."""
