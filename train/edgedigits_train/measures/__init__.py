"""What is measured of a model, and the pictures it is measured on."""
