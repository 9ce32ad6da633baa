"""From a grey picture to ink: find the sheet to read, divide by its paper, remove its rules."""
