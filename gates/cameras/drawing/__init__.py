"""Draws what a lane's camera sees, with our own code: plates, cars, the road and its barrier."""
