"""The prices of a car park: versions, the form that makes them, what they and others come to."""
