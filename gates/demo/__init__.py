"""The demo: a car park of its own, lanes with drawn cars, drivers and an operator."""
