"""What kind of vehicle a camera saw, in the words that tariffs use."""

# The camera's word -> the class that a tariff prices; what is not here is a car.
CLASSES = {
    "motorcycle": "motorcycle",
    "motorbike": "motorcycle",
    "moped": "motorcycle",
    "twowheelvehicle": "motorcycle",
    "van": "van",
    "minibus": "van",
    "truck": "truck",
    "lorry": "truck",
    "heavytruck": "truck",
    "bus": "bus",
    "coach": "bus",
    "motorhome": "motorhome",
    "camper": "motorhome",
}


def vehicle_class(passage):
    """The class of this passage's vehicle, or "" for a car and where the lane says nothing of it."""
    told = passage.vehicle.get("type") if isinstance(passage.vehicle, dict) else None
    if not isinstance(told, str):
        return ""
    return CLASSES.get(told.strip().lower().replace(" ", "").replace("_", "").replace("-", ""), "")
