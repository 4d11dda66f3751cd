"""The media types that the service reads and answers with."""

JSON = "application/json"
PROBLEM = "application/problem+json"
MULTIPART = "multipart/form-data"
