"""The use case against AWS: the table, the bucket, the queue, the engines."""
