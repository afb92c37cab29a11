"""The machinery under the course: it knows nothing of logarithms or losses."""
